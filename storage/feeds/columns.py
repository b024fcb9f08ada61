"""Which column means what: found by alias, so that a shop's own field names import as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Our field -> the names it goes by, folded: letters and digits only, lower case, no "g:" prefix. Earlier wins.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "sku", "productid", "itemid", "handle", "variantsku", "uid", "asin", "gtin", "mpn", "productcode", "code",
           "编号", "商品编号", "商品id", "货号"),
    "title": ("title", "name", "productname", "producttitle", "itemname", "displayname", "标题", "名称", "商品名称", "商品标题", "品名"),
    "title_zh": ("titlezh", "namezh", "chinesetitle", "titlecn", "zhtitle", "中文标题", "中文名称"),
    "description": ("description", "bodyhtml", "body", "longdescription", "productdescription", "desc", "summary", "details",
                    "shortdescription", "描述", "商品描述", "详情", "简介"),
    "description_zh": ("descriptionzh", "desczh", "chinesedescription", "descriptioncn", "中文描述"),
    "brand": ("brand", "vendor", "manufacturer", "brandname", "maker", "品牌"),
    "price": ("price", "variantprice", "currentprice", "unitprice", "listprice", "regularprice", "amount", "cost", "msrp",
              "价格", "售价", "单价"),
    "sale_price": ("saleprice", "specialprice", "offerprice", "discountprice", "促销价", "活动价"),
    "currency": ("currency", "pricecurrency", "currencycode", "货币", "币种"),
    "colors": ("colors", "color", "colour", "colours", "颜色", "色"),
    "materials": ("materials", "material", "fabric", "composition", "材质", "面料", "材料"),
    "sizes": ("sizes", "size", "尺码", "尺寸", "规格"),
    "audience": ("audience", "gender", "genderaffinity", "agegroup", "target", "department", "sex", "适用人群", "性别"),
    "rating": ("rating", "averagerating", "ratingvalue", "stars", "reviewscore", "score", "评分"),
    "rating_count": ("ratingcount", "reviewcount", "numreviews", "reviews", "numratings", "ratingscount", "评论数", "评价数"),
    "stock": ("stock", "currentstock", "quantity", "inventory", "inventoryquantity", "variantinventoryqty", "qty", "stockquantity",
              "stocklevel", "库存", "数量"),
    "availability": ("availability", "instock", "stockstatus", "available", "是否有货"),
    "image_url": ("imageurl", "image", "imagelink", "imagesrc", "img", "picture", "photo", "thumbnail", "variantimage", "mainimage",
                  "图片", "主图"),
    "url": ("url", "link", "productlink", "producturl", "permalink", "canonicalurl", "链接", "商品链接"),
    "created_at": ("createdat", "created", "dateadded", "publishedat", "releasedate", "date", "pubdate", "availabilitydate",
                   "上架时间", "创建时间"),
    "sponsored": ("sponsored", "promotedlisting", "isad", "推广"),
}  # fmt: skip

# Columns that may name the kind of thing, the narrowest first; all are read.
CATEGORY_COLUMNS = (
    "style", "subcategory", "producttype", "type", "category", "categories", "categoryname", "categorypath",
    "googleproductcategory", "productcategory", "collection", "类目", "分类", "商品分类", "品类",
)  # fmt: skip
# Columns that say nothing to a shopper.
_INTERNAL = frozenset(
    {"wherevisible", "attributes", "published", "status", "tags", "aliases", "featured", "promoted", "imagelicense"}
)


def fold_name(name: str) -> str:
    """ "g:Image_Link" -> "imagelink"."""
    bare = re.sub(r"^\w+:", "", name.strip().casefold())
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", bare)


def pick(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Our names for the feed's fields; empty cells are left out."""
    folded = {fold_name(name): value for name, value in fields.items() if value not in (None, "", [], {})}
    return {ours: folded[alias] for ours, aliases in ALIASES.items() for alias in reversed(aliases) if alias in folded}


def categories_in(fields: Mapping[str, Any]) -> list[Any]:
    """Values of the columns that name the kind of thing, narrowest column first."""
    folded = {fold_name(name): value for name, value in fields.items() if value not in (None, "", [])}
    return [folded[name] for name in CATEGORY_COLUMNS if name in folded]


def leftover(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that no alias claims: the product's free attributes."""
    claimed = {alias for aliases in ALIASES.values() for alias in aliases} | set(CATEGORY_COLUMNS) | _INTERNAL
    return {name: value for name, value in fields.items() if fold_name(name) not in claimed}
