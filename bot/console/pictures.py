"""Router: small pictures of products, from this server: the console's pages load nothing from elsewhere.

Demo products are drawn; a shop's own files inside the data folder are sent as they are. A picture at another address
is not fetched: its card stands without one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.visit import Visit, visiting
from storage.console.staff import Role
from storage.records import Product

router = APIRouter()
_SIZE = 160  # pixels
_LARGEST = 5 * 1024 * 1024
_FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}
# By their first bytes, whatever the name says: a browser is handed nothing that it might run.
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}


def has_picture(product: Product) -> bool:
    """Whether the console can show one."""
    return can_show(product.image_url)


def can_show(picture: str) -> bool:
    """Whether a picture of this name lies here."""
    return bool(picture) and not picture.startswith(("http://", "https://"))


@router.get("/pictures/{product_id:path}")
def picture(visit: Annotated[Visit, Depends(visiting(Role.VIEWER))], product_id: str, name: str = "") -> Response:
    """The picture of a product, by its id; where a `name` is given, that one of its pictures."""
    product = visit.desk.shop.catalogue.get([product_id]).get(product_id)
    if product and name:
        product = replace(product, image_url=name) if name in product.gallery else None
    if product is None or not has_picture(product):
        raise HTTPException(404)
    drawn = product.image_url.startswith("demo:")
    data = _drawn(product) if drawn else _file(visit.desk.settings.data, product.image_url)
    kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")
    if not kind:
        raise HTTPException(404)
    return Response(data, media_type=kind, headers=_FOR_A_DAY)


def _drawn(product: Product) -> bytes:
    from storage.demo.pictures import picture as draw

    return draw(product, _SIZE)


def _file(folder: Path, name: str) -> bytes:
    """A file inside the data folder, and nothing outside of it."""
    root = folder.resolve()
    try:
        path = (root / name.strip().removeprefix("file://")).resolve()
        inside = path.is_relative_to(root) and path.is_file() and path.stat().st_size <= _LARGEST
        return path.read_bytes() if inside else b""
    except (OSError, ValueError):
        return b""
