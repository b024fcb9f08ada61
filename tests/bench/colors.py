"""How often the colour of a thing is told from its picture: drawn pictures of the demo shop, one colour each.

python -m tests.bench.colors
"""

from bot.sense.colors import colors_of
from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture

KINDS = ("dresses", "shirts", "handbags", "sneakers", "sofas", "mugs")


def main() -> None:
    one = [p for p in demo_products() if p.category in KINDS and len(p.colors) == 1 and p.colors[0] != "multicolor"]
    sample = one[::3][:70]
    told = [(product.colors[0], colors_of(picture(product, 240))) for product in sample]
    named = sum(color in found for color, found in told)
    first = sum(found[:1] == (color,) for color, found in told)
    print(f"{len(told)} pictures: named {named}, named first {first}, none told {sum(not found for _, found in told)}")
    for color, found in told:
        if color not in found:
            print(f"  {color}: {', '.join(found) or 'nothing'}")


if __name__ == "__main__":
    main()
