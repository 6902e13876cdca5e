SELECT division, name, level, parent, since, until FROM registry.division ORDER BY division
