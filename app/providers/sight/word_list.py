"""The words that may be said of a picture. ``vocabulary`` reads them.

What stands in no row is never said: clothing, bodies, weapons, medicine, brands, rare things. Silence is better than a
false or hurtful word. The columns: English, with its article; sort; classes of ImageNet-1k, from 0; number of COCO;
other rows whose classes bear that out; English for many; German; German for many. Mass nouns have no form for many.
"""
# ruff: noqa: E501  # a table: one row, one line

WORDS = """\
a bird | animal | 7-24,80-100,127-146 | 16 | | birds | ein Vogel | Vögel
a dog | animal | 151-268 | 18 | | dogs | ein Hund | Hunde
a cat | animal | 281-285 | 17 | | cats | eine Katze | Katzen
a fox | animal | 277-280 | | | foxes | ein Fuchs | Füchse
a wolf or wild dog | animal | 269-275 | | | wolves or wild dogs | ein Wolf oder Wildhund | Wölfe oder Wildhunde
a big cat | animal | 286-293 | | | big cats | eine Großkatze | Großkatzen
a bear | animal | 294-297 | 23 | | bears | ein Bär | Bären
a panda | animal | 388 | | | pandas | ein Panda | Pandas
a butterfly | animal | 321-326 | | | butterflies | ein Schmetterling | Schmetterlinge
an insect | animal | 300-320 | | | insects | ein Insekt | Insekten
a spider | animal | 72-77 | | | spiders | eine Spinne | Spinnen
a snake | animal | 52-68 | | | snakes | eine Schlange | Schlangen
a lizard | animal | 38-48 | | | lizards | eine Echse | Echsen
a turtle | animal | 33-37 | | | turtles | eine Schildkröte | Schildkröten
a frog | animal | 30-32 | | | frogs | ein Frosch | Frösche
a crocodile | animal | 49-50 | | | crocodiles | ein Krokodil | Krokodile
a fish | animal | 0-1,389-397 | | | fish | ein Fisch | Fische
a rabbit | animal | 330-332 | | | rabbits | ein Kaninchen | Kaninchen
a squirrel | animal | 335 | | | squirrels | ein Eichhörnchen | Eichhörnchen
a hamster or guinea pig | animal | 333,338 | | | hamsters or guinea pigs | ein Hamster oder Meerschweinchen | Hamster oder Meerschweinchen
a horse | animal | 339 | 19 | | horses | ein Pferd | Pferde
a zebra | animal | 340 | 24 | | zebras | ein Zebra | Zebras
a pig | animal | 341-343 | | | pigs | ein Schwein | Schweine
a cow | animal | 345-347 | 21 | | cows | eine Kuh | Kühe
a sheep or goat | animal | 348-350 | | | sheep or goats | ein Schaf oder eine Ziege | Schafe oder Ziegen
a deer or antelope | animal | 351-353 | | | deer or antelopes | ein Hirsch oder eine Antilope | Hirsche oder Antilopen
a camel | animal | 354 | | | camels | ein Kamel | Kamele
an elephant | animal | 101,385-386 | 22 | | elephants | ein Elefant | Elefanten
a crab or lobster | animal | 118-125 | | | crabs or lobsters | ein Krebs oder Hummer | Krebse oder Hummer
a snail | animal | 113 | | | snails | eine Schnecke | Schnecken
a cup of coffee | food | 967 | | | cups of coffee | eine Tasse Kaffee | Tassen Kaffee
a cup | thing | 504,968 | 47 | a cup of coffee | cups | eine Tasse | Tassen
an orange | food | 950 | 55 | a lemon | oranges | eine Orange | Orangen
a lemon | food | 951 | | | lemons | eine Zitrone | Zitronen
an apple | food | 948 | 53 | | apples | ein Apfel | Äpfel
a banana | food | 954 | 52 | | bananas | eine Banane | Bananen
a strawberry | food | 949 | | | strawberries | eine Erdbeere | Erdbeeren
a pineapple | food | 953 | | | pineapples | eine Ananas | Ananas
a pizza | food | 963 | 59 | | pizzas | eine Pizza | Pizzen
a burger | food | 933 | | | burgers | ein Burger | Burger
a hot dog | food | 934 | 58 | | hot dogs | ein Hotdog | Hotdogs
ice cream | food | 928-929 | | | | Eis |
bread | food | 930-931 | | | | Brot |
broccoli | food | 937 | 56 | | | Brokkoli |
cauliflower | food | 938 | | | | Blumenkohl |
a cabbage | food | 936 | | | cabbages | ein Kohlkopf | Kohlköpfe
a cucumber | food | 943 | | | cucumbers | eine Gurke | Gurken
a pepper | food | 945 | | | peppers | eine Paprika | Paprika
mushrooms | food | 947,991-997 | | | mushrooms | Pilze | Pilze
corn | food | 987 | | | | Mais |
a dish of food | food | 924-927,959,961-962,964-965 | | | dishes of food | ein Gericht | Gerichte
a glass of red wine | food | 966 | | | glasses of red wine | ein Glas Rotwein | Gläser Rotwein
a chair | thing | 423,559,765 | 62 | | chairs | ein Stuhl | Stühle
a sofa | thing | 831 | 63 | | sofas | ein Sofa | Sofas
a bed | thing | 520,564 | 65 | | beds | ein Bett | Betten
a table | thing | 526,532 | 67 | | tables | ein Tisch | Tische
a pool table | thing | 736 | | | pool tables | ein Billardtisch | Billardtische
bookshelves | thing | 453,624 | | | bookshelves | Bücherregale | Bücherregale
a wardrobe | thing | 493,894 | | | wardrobes | ein Schrank | Schränke
a lamp | thing | 846 | | | lamps | eine Lampe | Lampen
a computer | thing | 508,527,620,664,681 | | | computers | ein Computer | Computer
a television | thing | 851 | | | televisions | ein Fernseher | Fernseher
a phone | thing | 487 | 77 | | phones | ein Telefon | Telefone
a remote control | thing | 761 | 75 | | remote controls | eine Fernbedienung | Fernbedienungen
a camera | thing | 732,759 | | | cameras | eine Kamera | Kameras
a loudspeaker | thing | 632 | | | loudspeakers | ein Lautsprecher | Lautsprecher
a printer | thing | 713,742 | | | printers | ein Drucker | Drucker
electronics | thing | 592,662,688 | | | electronics | Elektronik | Elektronik
a refrigerator | thing | 760 | 82 | | refrigerators | ein Kühlschrank | Kühlschränke
a stove | thing | 827 | | | stoves | ein Herd | Herde
a microwave | thing | 651 | 78 | | microwaves | eine Mikrowelle | Mikrowellen
a toaster | thing | 859 | | | toasters | ein Toaster | Toaster
a sink | thing | 896 | 81 | | sinks | ein Waschbecken | Waschbecken
a dishwasher or washing machine | thing | 534,897 | | | dishwashers or washing machines | eine Spül- oder Waschmaschine | Spül- oder Waschmaschinen
a cooking pot or pan | thing | 469,521,544,567,909 | | | cooking pots or pans | ein Topf oder eine Pfanne | Töpfe oder Pfannen
a teapot or kettle | thing | 505,849 | | | teapots or kettles | eine Kanne | Kannen
a bottle | thing | 440,737,898,907 | 44 | | bottles | eine Flasche | Flaschen
a glass | thing | 441,572 | 46 | a glass of red wine | glasses | ein Glas | Gläser
a bowl | thing | 659,809 | 51 | a dish of food | bowls | eine Schüssel | Schüsseln
a toilet | thing | 861 | 70 | | toilets | eine Toilette | Toiletten
a bathtub | thing | 435,876 | | | bathtubs | eine Badewanne | Badewannen
a car | thing | 436,468,479,511,581,609,627,656,751,817 | 3 | a truck or van | cars | ein Auto | Autos
a truck or van | thing | 407,555,569,675,717,734,864,867 | | | trucks or vans | ein Lastwagen oder Transporter | Lastwagen oder Transporter
a bus | thing | 654,779,874 | 6 | | buses | ein Bus | Busse
a train or tram | thing | 466,547,565,705,820,829 | | | trains or trams | ein Zug oder eine Straßenbahn | Züge oder Straßenbahnen
a motorbike | thing | 535,665,670 | 4 | | motorbikes | ein Motorrad | Motorräder
a bicycle | thing | 444,671 | 2 | | bicycles | ein Fahrrad | Fahrräder
a boat | thing | 472,484,510,554,576,625,628,780,814,871,914 | 9 | | boats | ein Boot | Boote
an airplane | thing | 404,895,908 | 5 | | airplanes | ein Flugzeug | Flugzeuge
a rocket | thing | 657,744 | | | rockets | eine Rakete | Raketen
a traffic light | thing | 920 | 10 | | traffic lights | eine Ampel | Ampeln
a sign | thing | 919 | | | signs | ein Schild | Schilder
a fuel pump | thing | 571 | | | fuel pumps | eine Zapfsäule | Zapfsäulen
a parking meter | thing | 704 | 14 | | parking meters | eine Parkuhr | Parkuhren
a bench | thing | 703 | 15 | | benches | eine Bank | Bänke
a fence | thing | 489,716,912 | | | fences | ein Zaun | Zäune
a bridge | thing | 821,839,888 | | | bridges | eine Brücke | Brücken
a fountain | thing | 562 | | | fountains | ein Brunnen | Brunnen
a pay phone | thing | 707 | | | pay phones | ein Münztelefon | Münztelefone
a mailbox | thing | 637 | | | mailboxes | ein Briefkasten | Briefkästen
an umbrella | thing | 879 | 28 | | umbrellas | ein Schirm | Schirme
a vending or cash machine | thing | 480,886 | | | vending or cash machines | ein Automat | Automaten
a shopping cart | thing | 791 | | | shopping carts | ein Einkaufswagen | Einkaufswagen
a large building | place | 442,449,483,497,538,663,668,698,832,873 | | | large buildings | ein großes Gebäude | große Gebäude
a shop or restaurant | place | 415,424,454,467,498,509,582,762,788,860,865 | | | shops or restaurants | ein Geschäft oder Restaurant | Geschäfte oder Restaurants
water with a shore | place | 460,536,718,975-978 | | | | Wasser mit einem Ufer |
hills or mountains | place | 970,972,979-980 | | | hills or mountains | Hügel oder Berge | Hügel oder Berge
a greenhouse | place | 580 | | | greenhouses | ein Gewächshaus | Gewächshäuser
a ball | thing | 429-430,522,574,722,768,805,852,890 | 37 | | balls | ein Ball | Bälle
a tripod | thing | 872 | | | tripods | ein Stativ | Stative
a guitar | thing | 402,546 | | | guitars | eine Gitarre | Gitarren
a piano | thing | 579,881 | | | pianos | ein Klavier | Klaviere
a drawing or comic | thing | 917 | | | drawings or comics | eine Zeichnung oder ein Comic | Zeichnungen oder Comics
a book | thing | 921 | 84 | a drawing or comic | books | ein Buch | Bücher
a backpack | thing | 414 | 27 | | backpacks | ein Rucksack | Rucksäcke
a handbag | thing | 748 | | | handbags | eine Handtasche | Handtaschen
a teddy bear | thing | 850 | 88 | | teddy bears | ein Teddybär | Teddybären
a candle | thing | 470 | | | candles | eine Kerze | Kerzen
a vase | thing | 883 | 86 | | vases | eine Vase | Vasen
a potted plant | thing | 738 | 64 | | potted plants | eine Topfpflanze | Topfpflanzen
a stone wall | thing | 825 | | | stone walls | eine Steinmauer | Steinmauern
keys or a lock | thing | 507,695 | | | keys or locks | Schlüssel oder ein Schloss | Schlüssel oder Schlösser
a pen | thing | 418,563 | | | pens | ein Stift | Stifte
a wallet | thing | 893 | | | wallets | eine Geldbörse | Geldbörsen
a bucket | thing | 463 | | | buckets | ein Eimer | Eimer
a broom | thing | 462 | | | brooms | ein Besen | Besen
a vacuum cleaner | thing | 882 | | | vacuum cleaners | ein Staubsauger | Staubsauger
a fan | thing | 545 | | | fans | ein Ventilator | Ventilatoren
an iron | thing | 606 | | | irons | ein Bügeleisen | Bügeleisen
a pillow | thing | 721 | | | pillows | ein Kissen | Kissen
a flower | thing | 985-986 | | | flowers | eine Blume | Blumen
a starfish | animal | 327 | | | starfish | ein Seestern | Seesterne
a jellyfish | animal | 107 | | | jellyfish | eine Qualle | Quallen
a menu | thing | 922 | | | menus | eine Speisekarte | Speisekarten
an envelope | thing | 549 | | | envelopes | ein Briefumschlag | Briefumschläge
a person | thing | | 1 | | people | eine Person | Personen
a train | thing | | 7 | a train or tram | trains | ein Zug | Züge
a truck | thing | | 8 | a truck or van,a car | trucks | ein Lastwagen | Lastwagen
a stop sign | thing | | 13 | a sign | stop signs | ein Stoppschild | Stoppschilder
a sheep | thing | | 20 | a sheep or goat | sheep | ein Schaf | Schafe
a bag | thing | | 31 | a handbag | bags | eine Tasche | Taschen
a spoon | thing | 910 | 50 | | spoons | ein Löffel | Löffel
a screen | thing | 782 | 72 | a television,a computer | screens | ein Bildschirm | Bildschirme
a laptop | thing | | 73 | a computer | laptops | ein Laptop | Laptops
a computer mouse | thing | 673 | 74 | a computer | computer mice | eine Computermaus | Computermäuse
a keyboard | thing | | 76 | a computer | keyboards | eine Tastatur | Tastaturen
an oven | thing | | 79 | a stove | ovens | ein Backofen | Backöfen
a shark | animal | 2-4 | | | sharks | ein Hai | Haie
a ray | animal | 5-6 | | | rays | ein Rochen | Rochen
a newt or salamander | animal | 25-29 | | | newts or salamanders | ein Molch oder Salamander | Molche oder Salamander
a koala | animal | 105 | | | koalas | ein Koala | Koalas
a whale | animal | 147-148 | | | whales | ein Wal | Wale
a sea lion or seal | animal | 150 | | | sea lions or seals | ein Seelöwe oder Seehund | Seelöwen oder Seehunde
a hippopotamus | animal | 344 | | | hippopotamuses | ein Nilpferd | Nilpferde
a llama | animal | 355 | | | llamas | ein Lama | Lamas
a lemur | animal | 383-384 | | | lemurs | ein Lemur | Lemuren
a spider web | thing | 815 | | | spider webs | ein Spinnennetz | Spinnennetze
a pretzel | food | 932 | | | pretzels | eine Brezel | Brezeln
a courgette | food | 939 | | | courgettes | eine Zucchini | Zucchini
a pumpkin or squash | food | 940-942 | | | pumpkins or squashes | ein Kürbis | Kürbisse
an artichoke | food | 944 | | | artichokes | eine Artischocke | Artischocken
a fig | food | 952 | | | figs | eine Feige | Feigen
a pomegranate | food | 957 | | | pomegranates | ein Granatapfel | Granatäpfel
a plate | thing | 923 | | | plates | ein Teller | Teller
a jug | thing | 725,899 | | | jugs | ein Krug | Krüge
a barrel | thing | 427,756 | | | barrels | ein Fass | Fässer
a basket | thing | 588,790 | | | baskets | ein Korb | Körbe
a rubbish bin | thing | 412 | | | rubbish bins | ein Mülleimer | Mülleimer
toilet paper | thing | 999 | | | | Toilettenpapier |
a paper towel | thing | 700 | | | paper towels | Küchenpapier | Küchenpapier
a soap dispenser | thing | 804 | | | soap dispensers | ein Seifenspender | Seifenspender
a hair dryer | thing | 589 | | | hair dryers | ein Haartrockner | Haartrockner
a sewing machine | thing | 786 | | | sewing machines | eine Nähmaschine | Nähmaschinen
a lawn mower | thing | 621 | | | lawn mowers | ein Rasenmäher | Rasenmäher
a hammer | thing | 587 | | | hammers | ein Hammer | Hämmer
a screwdriver | thing | 784 | | | screwdrivers | ein Schraubendreher | Schraubendreher
a power drill | thing | 740 | | | power drills | eine Bohrmaschine | Bohrmaschinen
a radiator | thing | 753 | | | radiators | ein Heizkörper | Heizkörper
a doormat | thing | 539 | | | doormats | eine Fußmatte | Fußmatten
a watch | thing | 531 | | | watches | eine Armbanduhr | Armbanduhren
a scale | thing | 778 | | | scales | eine Waage | Waagen
binoculars | thing | 447 | | | binoculars | ein Fernglas | Ferngläser
a microphone | thing | 650 | | | microphones | ein Mikrofon | Mikrofone
a drum | thing | 541 | | | drums | eine Trommel | Trommeln
a violin | thing | 889 | | | violins | eine Geige | Geigen
a cello | thing | 486 | | | cellos | ein Cello | Celli
a trumpet | thing | 513 | | | trumpets | eine Trompete | Trompeten
a French horn | thing | 566 | | | French horns | ein Waldhorn | Waldhörner
an accordion | thing | 401 | | | accordions | ein Akkordeon | Akkordeons
a saxophone | thing | 776 | | | saxophones | ein Saxofon | Saxofone
a harp | thing | 594 | | | harps | eine Harfe | Harfen
a balloon | thing | 417 | | | balloons | ein Ballon | Ballons
a parachute or kite | thing | 701 | | | parachutes or kites | ein Fallschirm oder Drachen | Fallschirme oder Drachen
a tent | thing | 672 | | | tents | ein Zelt | Zelte
a tractor | thing | 866 | | | tractors | ein Traktor | Traktoren
a space shuttle | thing | 812 | | | space shuttles | eine Raumfähre | Raumfähren
a lighthouse | place | 437 | | | lighthouses | ein Leuchtturm | Leuchttürme
a barn | place | 425 | | | barns | eine Scheune | Scheunen
a jigsaw puzzle | thing | 611 | | | jigsaw puzzles | ein Puzzle | Puzzles
"""
