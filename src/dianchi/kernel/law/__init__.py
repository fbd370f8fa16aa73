"""The law as data: measures, articles, the rules R1 to R75 and the deadlines E1 to E41 of the dossier."""
