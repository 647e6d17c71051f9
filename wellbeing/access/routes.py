"""Every route says who may enter it; one that does not is answered by nobody.

`@requires(P…)` names the permission of the page, `@open_to_all` says that it needs none. The check below stops
start-up at an undeclared route, and the middleware refuses it besides (a web server runs no checks).
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from wellbeing.access.permissions import P
from wellbeing.access.proof import Proof

View = TypeVar("View", bound=Callable[..., Any])


def requires(
    permission: P, *, quiet: bool = False, fresh: bool = False, proof: Proof = Proof.SECOND
) -> Callable[[View], View]:
    """The page is for whoever has this permission; `quiet` pages are polled and do not renew the session.

    `fresh` asks for the second factor anew when it was not shown within the last minutes: for posts, tokens and
    factors, what takes data out, broken glass, the policy (docs/protection.md says what is not asked, and why). `proof`
    is for the pages of signing in themselves.
    """

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.quiet = quiet  # type: ignore[attr-defined]
        view.proof = Proof.FRESH if fresh else proof  # type: ignore[attr-defined]
        return view

    return declare


def open_to_all(view: View) -> View:
    """The page is for everybody, signed in or not: sign-in, language, health, what explains an error."""
    view.permission = None  # type: ignore[attr-defined]
    view.quiet = True  # type: ignore[attr-defined]
    return view


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (address pattern, route) of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, address)
        else:
            yield address, entry


def declared(view: Any) -> bool:
    return hasattr(view, "permission")


def check_routes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """System check: no route without a declaration."""
    return [
        Error(f"The route {address!r} declares no permission.", id="access.E001")
        for address, route in routes()
        if not declared(route.callback)
    ]
