SELECT built_at, digest FROM run.info
