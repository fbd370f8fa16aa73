"""Registration of public data resources and of products made from them (registration measures, arts. 5 to 15)."""
