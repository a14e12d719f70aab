"""Pages for what went wrong: plain Dutch, and what to do now."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """An expired or foreign form. The browser's Back button still has what was typed; the page says so."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)
