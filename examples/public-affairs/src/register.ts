/** The register as it comes: a few rows of who does what where, in the words of its authors. Yours is a file, or another system. */

export const people = ["Anna Silva", "Ben Okoro", "Cleo Marsh", "Dora Lind", "Emil Roth"] as const;
export const organisations = ["Ministry of Water", "The Gazette", "Water Works", "Association of Water Users"] as const;

/** The end of each is the day after the last one. */
export const register = `nr,person,organisation,post,from,to
1,Ben Okoro,Ministry of Water,Minister,2019-03-01,2023-07-01
2,Cleo Marsh,Ministry of Water,Minister,2023-07-01,
3,Dora Lind,Ministry of Water,Head of Press,2018,
4,Emil Roth,The Gazette,Employee since 2021-09-01,,
5,Ben Okoro,Water Works,Non-executive director,2023-09-01,
6,Dora Lind,Water Works,Former employee,,
7,Anna Silva,Association of Water Users,Spokeswoman,2024-01-01,
8,Ben Okoro,Association of Water Users,Member,2024-05-01,
9,Anna Silva,Association of Water Users,Bee keeper,,`;
