/** The words that the generated data is made of. */

export const givenNames = words(`
  Ada Amir Bea Bruno Carla Chidi Clara Dario Edda Elif Emil Femi Flora Goran Hana Ines Ivo Jana Jonas Kaya Kofi Lena Luca
  Mara Mateo Mina Nadia Niko Olga Omar Paula Pavel Rafael Rosa Samir Selma Tariq Tessa Vera Wanda Yusuf`);

export const familyNames = words(`
  Abara Adler Almeida Baptist Becker Castell Cerny Dahl Dupont Eriksen Farkas Fontana Gallo Haddad Hartig Ibsen Jansen
  Kaplan Keller Kovac Lindqvist Marchetti Mensah Novak Okafor Olsen Petrov Quist Rahimi Sandoval Szabo Tanaka Thorne Urban
  Varga Weller Wojcik Yilmaz Zeller Zuber`);

const companyHeads = words(
  "Alto Boreal Brack Cedar Clear Delta Ember Fern Granite Harbor Iron Jade Larch Maple North Opal",
);
const companyTails = words("bridge craft dyne field forge gate grid haven line mark mill point stone tech ward works");

/** Every head with every tail: "Altobridge", "Altocraft", … */
export const companyNames = companyHeads.flatMap((head) => companyTails.map((tail) => head + tail));

/** One of each is misspelt, as in many a real export. */
export const sectors = words("technolgy retail medical finance software services marketing");
export const countries = [
  "United States",
  "United States",
  "United States",
  "Canada",
  "Germany",
  "Japan",
  "Philipines",
];

export const jobTitles = ["Buyer", "Head of IT", "Head of Purchasing", "Managing Director", "Operations Lead"];
export const offices = words("Central Coast North");

/** The pipeline writes this name without its blank. */
export const productWithoutBlank = "Nova Plus";

export const products = [
  { product: "Nova", series: "Nova", sales_price: "620" },
  { product: productWithoutBlank, series: "Nova", sales_price: "1240" },
  { product: "Nova Max", series: "Nova", sales_price: "5150" },
  { product: "Pico One", series: "Pico", sales_price: "60" },
  { product: "Pico Two", series: "Pico", sales_price: "3300" },
  { product: "Titan 900", series: "Titan", sales_price: "24500" },
];

const salesOfTwenty = [5, 3, 3, 5, 3, 1];

/** Each product as often as it is sold in twenty deals. */
export const productsByWeight = products.flatMap((product, index) =>
  Array.from({ length: salesOfTwenty[index] ?? 0 }, () => product),
);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
