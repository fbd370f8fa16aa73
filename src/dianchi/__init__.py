"""dianchi (滇池): one lake, one gate. The authorized operation of public data resources."""
