/* Draws the tree of a Still: [name, attributes, children]. React sets texts and attributes, so that nothing in them runs. */
(function () {
  "use strict";
  function element(node, key) {
    if (!Array.isArray(node)) return node;
    var attributes = Object.assign({ key: key }, node[1]);
    delete attributes.dangerouslySetInnerHTML;
    return window.React.createElement(node[0] || window.React.Fragment, attributes, node[2].map(element));
  }
  window.gongkai = {
    Still: function (props) {
      return element(props.tree, "still");
    },
  };
})();
