"""What the demonstration shop consists of. Pure words and numbers: nothing here does anything.

Ids are fixed, so that a second run finds what the first one made. They are UUIDs of
version 7 of one fixed instant, numbered: 01930000-0000-7004-8000-000000000017 is product 17 (hex).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

MADE_AT_MS = 0x019300000000
EAN_PREFIX = "200"
"""GS1 keeps 200 to 299 for use inside a shop, so no barcode here is a real product's."""
OPENING_STOCK = 500
LOW_STOCK = 3
LOW_STOCK_EVERY = 25
"""Every so many products one is nearly sold out, so that staff see what that looks like."""


class Kind(IntEnum):
    """What an id stands for; a part of the id."""

    VENDOR = 1
    LOCATION = 2
    REGISTER = 3
    PRODUCT = 4
    CUSTOMER = 5
    PROCESSOR = 6
    PERSON = 7


def demo_id(kind: Kind, number: int) -> UUID:
    """The id of the number-th thing of a kind, counted from 1."""
    return UUID(int=(MADE_AT_MS << 80) | (7 << 76) | (kind << 64) | (2 << 62) | number)


@dataclass(frozen=True, slots=True)
class DemoLocation:
    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class DemoRegister:
    id: UUID
    location_id: UUID
    name: str
    opening_float_minor: int


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """`opening_stock` is what each location begins with."""

    id: UUID
    sku: str
    barcode: str
    name: str
    category: str
    price_minor: int
    opening_stock: int


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    id: UUID
    first_name: str
    last_name: str
    email: str
    phone: str
    opening_points: int


@dataclass(frozen=True, slots=True)
class DemoTerminal:
    """`steady` terminals stay online for as long as the demonstration runs. The keys open simulators only."""

    id: UUID
    name: str
    tpn: str
    auth_key: str
    mode: str
    steady: bool


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who works in the shop. The PIN opens a demonstration, and is told to everybody."""

    id: UUID
    name: str
    role: str
    pin: str


VENDOR_ID = demo_id(Kind.VENDOR, 1)
VENDOR_NAME = "Harbour Goods"
CURRENCY = "USD"
TIME_ZONE = "America/New_York"
POINTS_PER_UNIT = Decimal(1)
POINT_VALUE_MINOR = 1

LOCATIONS = (
    DemoLocation(demo_id(Kind.LOCATION, 1), "HARBOUR", "Harbour Street"),
    DemoLocation(demo_id(Kind.LOCATION, 2), "STATION", "Station Square"),
)
REGISTERS = tuple(
    DemoRegister(demo_id(Kind.REGISTER, number), location.id, name, 20_000)
    for number, (location, name) in enumerate(
        ((LOCATIONS[0], "Front till"), (LOCATIONS[0], "Back till"), (LOCATIONS[1], "Kiosk till")), start=1
    )
)
TERMINALS = (
    DemoTerminal(demo_id(Kind.PROCESSOR, 1), "Front counter", "DEMO00000001", "SIMULATED1", "auth_capture", True),
    DemoTerminal(demo_id(Kind.PROCESSOR, 2), "Back counter", "DEMO00000002", "SIMULATED2", "sale", False),
)
TERMINAL_LOCATION = LOCATIONS[0]
PEOPLE = tuple(
    DemoPerson(demo_id(Kind.PERSON, number), name, role, pin)
    for number, (name, role, pin) in enumerate(
        (("Casey", "cashier", "2947"), ("Morgan", "manager", "7153"), ("Alex", "auditor", "6028")), start=1
    )
)

CATALOGUE: dict[tuple[str, str], str] = {
    ("COF", "Coffee and tea"): """
        Espresso Beans 250 g 1095; Espresso Beans 1 kg 3490; Filter Roast 250 g 995; Filter Roast 1 kg 3190;
        Decaf Beans 250 g 1150; Single Origin Ethiopia 250 g 1450; Single Origin Colombia 250 g 1390;
        House Blend Ground 500 g 1590; Cold Brew Bottle 500 ml 495; Oat Latte Can 250 ml 350;
        Breakfast Tea 20 Bags 420; Earl Grey 20 Bags 440; Green Sencha 100 g 890; Jasmine Pearls 80 g 1190;
        Peppermint Leaves 50 g 560; Rooibos Vanilla 100 g 690; Chai Spice Mix 120 g 790;
        Matcha Ceremonial 30 g 2490; Paper Filters Size 4 100 pcs 350; Pour-over Dripper 1890;
        Gooseneck Kettle 4990; Hand Grinder 5990; Travel Mug 350 ml 2290; Milk Frother 1690;
        Drinking Chocolate 300 g 990
        """,
    ("BAK", "Bakery"): """
        Sourdough Loaf 650; Rye Loaf 590; Baguette 320; Ciabatta 350; Seeded Roll 120; Butter Croissant 295;
        Almond Croissant 375; Pain au Chocolat 345; Cinnamon Bun 365; Cardamom Bun 365; Blueberry Muffin 325;
        Banana Bread Slice 350; Carrot Cake Slice 475; Lemon Tart 525; Chocolate Brownie 345; Oat Cookie 245;
        Chocolate Chip Cookie 265; Cheese Scone 295; Fruit Scone 275; Bagel Plain 180; Bagel Sesame 195;
        Focaccia Rosemary 550; Granola 500 g 895; Crispbread 250 g 445; Gingerbread 200 g 595
        """,
    ("DEL", "Delicatessen"): """
        Aged Cheddar 200 g 745; Brie 200 g 690; Goat Cheese 150 g 650; Blue Cheese 150 g 720; Gouda 250 g 780;
        Parmesan Wedge 200 g 995; Prosciutto 100 g 850; Salami Milano 100 g 690; Smoked Salmon 150 g 1190;
        Chorizo 200 g 795; Green Olives 200 g 495; Kalamata Olives 200 g 545; Sun-dried Tomatoes 180 g 575;
        Artichoke Hearts 180 g 595; Hummus 200 g 445; Tzatziki 200 g 425; Basil Pesto 190 g 625;
        Extra Virgin Olive Oil 500 ml 1690; Balsamic Vinegar 250 ml 1290; Dijon Mustard 200 g 445;
        Fig Jam 250 g 695; Wildflower Honey 350 g 990; Capers 100 g 395; Anchovy Fillets 50 g 495;
        Sea Salt Flakes 250 g 690
        """,
    ("DRI", "Drinks"): """
        Still Water 500 ml 175; Sparkling Water 500 ml 185; Orange Juice 330 ml 375; Apple Juice 330 ml 345;
        Tomato Juice 330 ml 345; Ginger Beer 330 ml 325; Elderflower Press 330 ml 335; Lemonade 330 ml 295;
        Cola 330 ml 250; Tonic Water 200 ml 195; Kombucha Ginger 330 ml 425; Kombucha Berry 330 ml 425;
        Iced Tea Peach 500 ml 345; Coconut Water 330 ml 365; Cucumber Soda 330 ml 335; Oat Drink 1 l 395;
        Almond Drink 1 l 425; Whole Milk 1 l 245; Buttermilk 500 ml 225; Mango Lassi 250 ml 395;
        Cranberry Juice 1 l 495; Grape Juice 750 ml 595; Alcohol-free Lager 330 ml 325; Alcohol-free Cider 500 ml 445;
        Mineral Water 6 Pack 890
        """,
    ("SWE", "Sweets and snacks"): """
        Dark Chocolate 70 % 100 g 495; Milk Chocolate 100 g 445; Hazelnut Bar 80 g 395; Sea Salt Caramels 150 g 795;
        Marzipan Loaf 100 g 545; Liquorice Twists 200 g 395; Fruit Gums 200 g 345; Peppermint Pastilles 50 g 245;
        Salted Pretzels 150 g 325; Sea Salt Crisps 150 g 345; Vinegar Crisps 150 g 345; Vegetable Crisps 100 g 395;
        Roasted Almonds 150 g 645; Cashew Nuts 150 g 695; Pistachios 150 g 795; Trail Mix 200 g 595;
        Rice Crackers 100 g 325; Popcorn 100 g 295; Dried Mango 100 g 495; Dried Figs 250 g 645;
        Protein Bar 60 g 325; Oat Bar 50 g 225; Sesame Snaps 30 g 145; Halva 200 g 595; Turkish Delight 250 g 745
        """,
    ("KIT", "Kitchen"): """
        Stoneware Mug 1490; Espresso Cup 990; Cereal Bowl 1290; Dinner Plate 1890; Side Plate 1390;
        Wine Glass 1190; Tumbler 790; Carafe 1 l 2490; Chef's Knife 20 cm 6990; Paring Knife 1990;
        Bread Knife 4490; Oak Chopping Board 3990; Cast Iron Pan 24 cm 5490; Saucepan 2 l 4790; Baking Tray 1990;
        Mixing Bowl 2290; Whisk 990; Wooden Spoon 590; Silicone Spatula 890; Microplane Grater 1790;
        Pepper Mill 3490; Linen Tea Towel 1290; Cotton Apron 2990; Storage Jar 1 l 1290; Lunch Box 1890
        """,
    ("HOM", "Home"): """
        Beeswax Candle 1490; Scented Candle Fig 2490; Scented Candle Cedar 2490; Matches Long 490;
        Tea Lights 12 pcs 690;
        Wool Blanket 8990; Linen Cushion 3990; Cotton Throw 4990; Woven Basket 2990; Ceramic Vase 3490;
        Photo Frame A5 1890; Wall Clock 4490; Desk Lamp 6990; Hand Soap 500 ml 990; Hand Cream 75 ml 1290;
        Bath Salts 400 g 1390; Loofah 690; Cotton Towel 2490; Room Spray 100 ml 1690; Incense Sticks 890;
        Plant Pot 15 cm 1490; Watering Can 2290; Herb Seeds 295; Door Mat 2990; Umbrella 2490
        """,
    ("STA", "Paper and gifts"): """
        Notebook A5 1290; Notebook A6 890; Sketch Book A4 1690; Fountain Pen 3990; Ballpoint Pen 490;
        Pencil Set 12 pcs 1490; Eraser 150; Ruler 30 cm 390; Washi Tape 395; Gift Wrap Sheet 350;
        Ribbon 3 m 295; Birthday Card 395; Thank-you Card 395; Postcard Harbour 150; Calendar 1890;
        Wooden Puzzle 2490; Playing Cards 890; Story Book 1490; Cook Book 2990; City Guide 1690;
        Tote Bag 1490; Key Ring 790; Enamel Pin 690; Sticker Set 495; Fridge Magnet 450
        """,
}
"""Names and prices in minor units by SKU prefix and category; 25 each."""

FIRST_NAMES = (
    *("Amara", "Ben", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jonas"),
    *("Kavya", "Liam", "Maya", "Noah", "Olivia", "Pedro", "Quinn", "Rosa", "Samir", "Tessa"),
    *("Umar", "Vera", "Wei", "Ximena", "Yusuf"),
)
LAST_NAMES = ("Okafor", "Lindqvist")
CUSTOMERS_WITHOUT_POINTS_EVERY = 10


def check_digit(digits: str) -> str:
    """The last digit of an EAN-13, from the twelve before it (GS1 General Specifications, 7.9)."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-weighted % 10)


def _product(number: int, prefix: str, category: str, text: str) -> DemoProduct:
    name, _, price = text.strip().rpartition(" ")
    digits = f"{EAN_PREFIX}{number:09d}"
    return DemoProduct(
        id=demo_id(Kind.PRODUCT, number),
        sku=f"{prefix}-{number:03d}",
        barcode=digits + check_digit(digits),
        name=name,
        category=category,
        price_minor=int(price),
        opening_stock=LOW_STOCK if number % LOW_STOCK_EVERY == 0 else OPENING_STOCK,
    )


def _customer(number: int) -> DemoCustomer:
    first = FIRST_NAMES[(number - 1) % len(FIRST_NAMES)]
    last = LAST_NAMES[(number - 1) // len(FIRST_NAMES)]
    return DemoCustomer(
        id=demo_id(Kind.CUSTOMER, number),
        first_name=first,
        last_name=last,
        email=f"{first}.{last}@example.com".lower(),
        phone=f"+1202555{number:04d}",
        opening_points=0 if number % CUSTOMERS_WITHOUT_POINTS_EVERY == 0 else 100 * number,
    )


PRODUCTS = tuple(
    _product(number, prefix, category, text)
    for number, (prefix, category, text) in enumerate(
        (
            (prefix, category, text)
            for (prefix, category), texts in CATALOGUE.items()
            for text in " ".join(texts.split()).split(";")
        ),
        start=1,
    )
)
CUSTOMERS = tuple(_customer(number) for number in range(1, len(FIRST_NAMES) * len(LAST_NAMES) + 1))
