/* The document's title and language follow the page; a form of ours leads to an address without loading everything anew. */
(function () {
  "use strict";
  var left = null;
  function follow() {
    var shell = document.getElementById("shell");
    if (!shell) return;
    if (left !== null && shell.dataset.address !== left) {
      /* Who came by a link goes on from the new page's content, by keyboard too. */
      left = null;
      document.getElementById("content").focus({ preventScroll: true });
    }
    if (document.documentElement.lang !== shell.lang) document.documentElement.lang = shell.lang;
    if (document.title !== shell.dataset.title) document.title = shell.dataset.title;
  }
  new MutationObserver(follow).observe(document, { childList: true, subtree: true });

  function go(address) {
    var shell = document.getElementById("shell");
    left = shell ? shell.dataset.address : null;
    window.history.pushState({}, "", address.pathname + address.search);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.getAttribute("href").charAt(0) !== "/") return;
    event.preventDefault();
    go(new URL(link.href));
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if ((form.method || "").toLowerCase() !== "get") return;
    event.preventDefault();
    var address = new URL(form.action, window.location.href);
    new FormData(form).forEach(function (value, name) {
      if (value === "") address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    });
    go(address);
  });
})();
