import type { CateringProposal } from './turn.ts'

/** A dish with what it contains of the fourteen allergens that must be named (EU 1169/2011), and the diets it serves. */
export type Dish = { name: string; contains: readonly string[]; serves: readonly string[] }
const dish = (name: string, contains: string, serves: string): Dish => ({
  name,
  contains: contains === '' ? [] : contains.split(' '),
  serves: serves === '' ? [] : serves.split(' '),
})

/** Menus of a style; days of a longer event take turns. Every menu serves vegetarians, vegans and guests without gluten. */
export const MENUS: Readonly<Record<CateringProposal['menu_style'], readonly (readonly Dish[])[]>> = {
  buffet: [
    [
      dish('Leaf salad with roast seeds and lemon dressing', 'mustard', 'vegetarian vegan gluten-free'),
      dish('Roast root vegetables with herbs and chickpeas', 'sesame', 'vegetarian vegan gluten-free'),
      dish('Pasta bake with spinach and ricotta', 'gluten milk egg', 'vegetarian'),
      dish('Chicken in lemon sauce with rice', 'celery', 'gluten-free'),
      dish('Fruit, and apple cake', 'gluten egg milk', 'vegetarian'),
    ],
    [
      dish('Tomato and bread salad', 'gluten', 'vegetarian vegan'),
      dish('Lentil stew with coconut and coriander', 'celery', 'vegetarian vegan gluten-free'),
      dish('Potato gratin with mushrooms', 'milk', 'vegetarian gluten-free'),
      dish('Baked salmon with dill', 'fish milk', 'gluten-free'),
      dish('Berry crumble with oat topping', 'gluten', 'vegetarian vegan'),
    ],
    [
      dish('Beetroot carpaccio with walnuts', 'nuts', 'vegetarian vegan gluten-free'),
      dish('Vegetable curry with basmati rice', 'mustard', 'vegetarian vegan gluten-free'),
      dish('Cheese dumplings with sage butter', 'gluten milk egg', 'vegetarian'),
      dish('Braised beef with polenta', 'celery sulphites', 'gluten-free'),
      dish('Chocolate mousse with olive oil', 'soy', 'vegetarian vegan gluten-free'),
    ],
  ],
  plated: [
    [
      dish('Roast pumpkin soup with seed oil', 'celery', 'vegetarian vegan gluten-free'),
      dish('Fillet of trout on fennel', 'fish milk', 'gluten-free'),
      dish('Mushroom wellington with thyme jus', 'gluten celery', 'vegetarian vegan'),
      dish('Stuffed aubergine with herbs and almonds', 'nuts', 'vegetarian vegan gluten-free'),
      dish('Poached pear with almond cream', 'nuts', 'vegetarian vegan gluten-free'),
    ],
  ],
  cocktail: [
    [
      dish('Canapés with goat cheese and fig', 'gluten milk', 'vegetarian'),
      dish('Vegetable skewers with tahini', 'sesame', 'vegetarian vegan gluten-free'),
      dish('Prawns with lime', 'crustaceans', 'gluten-free'),
      dish('Fruit tartlets', 'gluten egg milk', 'vegetarian'),
    ],
  ],
  family_style: [
    [
      dish('Bread and three dips', 'gluten sesame', 'vegetarian vegan'),
      dish('Roast cauliflower with pomegranate', '', 'vegetarian vegan gluten-free'),
      dish('Slow-cooked lamb with beans', 'celery', 'gluten-free'),
      dish('Orange and almond cake', 'nuts egg', 'vegetarian gluten-free'),
    ],
  ],
  stations: [
    [
      dish('Canapé station: crisp breads with spreads', 'gluten milk', 'vegetarian'),
      dish('Noodle station: rice noodles, vegetables, tofu', 'soy sesame', 'vegetarian vegan gluten-free'),
      dish('Taco station: pulled mushrooms or chicken', 'mustard', 'vegetarian vegan gluten-free'),
      dish('Dessert station: small cakes and fruit', 'gluten egg milk nuts', 'vegetarian'),
    ],
  ],
}
