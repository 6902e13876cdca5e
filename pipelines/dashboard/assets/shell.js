/* The document's title and language follow the page; a form of ours leads to an address without loading everything anew;
   a number that was asked for comes into view. */
(function () {
  "use strict";
  var shown = null;
  function follow() {
    var shell = document.getElementById("shell");
    if (!shell) return;
    if (shell.dataset.address !== shown) {
      var evidence = document.getElementById("evidence-heading");
      /* Who came by a link goes on from the new page's content, by keyboard too; who asked for a number, from that. */
      if (evidence) {
        evidence.focus();
        evidence.scrollIntoView();
      } else if (shown !== null) document.getElementById("content").focus({ preventScroll: true });
      shown = shell.dataset.address;
    }
    centre();
    lead();
    if (document.documentElement.lang !== shell.lang) document.documentElement.lang = shell.lang;
    if (document.title !== shell.dataset.title) document.title = shell.dataset.title;
  }
  /* Scrolls the page's picture to the number that is framed in it, once. */
  function centre() {
    var mark = document.querySelector(".picture:not([data-centred]) .spot");
    if (!mark) return;
    var picture = mark.closest(".picture");
    picture.dataset.centred = "";
    picture.scrollTop = mark.offsetTop - picture.clientHeight / 2;
    picture.scrollLeft = mark.offsetLeft - picture.clientWidth / 2;
  }
  /* Leads the page's table to its cell once more when it is there: on a busy machine a browser may leave the frame at
     its top, whatever place its address names. */
  function lead() {
    var frame = document.querySelector("iframe.evidence:not([data-led])");
    if (!frame) return;
    frame.dataset.led = "";
    frame.addEventListener("load", function () { frame.src = frame.src; }, { once: true });
  }
  new MutationObserver(follow).observe(document, { childList: true, subtree: true });

  function go(address) {
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
