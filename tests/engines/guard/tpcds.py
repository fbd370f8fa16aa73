"""A small shop with tables of the kind of the TPC-DS benchmark, made by hashing row numbers."""

from __future__ import annotations

import duckdb

_SALE = "date_sk time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk promo_sk ticket_number quantity"
_MONEY = "wholesale_cost list_price sales_price ext_discount_amt ext_sales_price ext_wholesale_cost ext_list_price coupon_amt net_paid net_profit"
_KINDS = {"sk": "INTEGER", "number": "INTEGER", "quantity": "INTEGER", "hand": "INTEGER"}


def _sales(prefix: str, keys: str) -> str:
    ints = ", ".join(f"{prefix}_{k} INTEGER" for k in keys.split())
    return ints + ", " + ", ".join(f"{prefix}_{m} DECIMAL(7,2)" for m in _MONEY.split())


TABLES = {
    "date_dim": "d_date_sk INTEGER, d_date DATE, d_year INTEGER, d_moy INTEGER, d_dom INTEGER, d_qoy INTEGER, d_dow INTEGER, d_week_seq INTEGER, d_month_seq INTEGER, d_day_name VARCHAR, d_quarter_name VARCHAR",
    "time_dim": "t_time_sk INTEGER, t_hour INTEGER, t_minute INTEGER, t_meal_time VARCHAR",
    "item": "i_item_sk INTEGER, i_item_id VARCHAR, i_item_desc VARCHAR, i_current_price DECIMAL(7,2), i_wholesale_cost DECIMAL(7,2), i_brand_id INTEGER, i_brand VARCHAR, i_class_id INTEGER, i_class VARCHAR, i_category_id INTEGER, i_category VARCHAR, i_manufact_id INTEGER, i_manufact VARCHAR, i_size VARCHAR, i_color VARCHAR, i_units VARCHAR, i_manager_id INTEGER, i_product_name VARCHAR",
    "customer": "c_customer_sk INTEGER, c_customer_id VARCHAR, c_current_cdemo_sk INTEGER, c_current_hdemo_sk INTEGER, c_current_addr_sk INTEGER, c_first_name VARCHAR, c_last_name VARCHAR, c_preferred_cust_flag VARCHAR, c_birth_month INTEGER, c_birth_year INTEGER, c_birth_country VARCHAR, c_email_address VARCHAR",
    "customer_address": "ca_address_sk INTEGER, ca_city VARCHAR, ca_county VARCHAR, ca_state VARCHAR, ca_zip VARCHAR, ca_country VARCHAR, ca_gmt_offset INTEGER",
    "customer_demographics": "cd_demo_sk INTEGER, cd_gender VARCHAR, cd_marital_status VARCHAR, cd_education_status VARCHAR, cd_purchase_estimate INTEGER, cd_credit_rating VARCHAR, cd_dep_count INTEGER",
    "household_demographics": "hd_demo_sk INTEGER, hd_income_band_sk INTEGER, hd_buy_potential VARCHAR, hd_dep_count INTEGER, hd_vehicle_count INTEGER",
    "store": "s_store_sk INTEGER, s_store_id VARCHAR, s_store_name VARCHAR, s_state VARCHAR, s_county VARCHAR, s_city VARCHAR, s_zip VARCHAR, s_gmt_offset INTEGER, s_number_employees INTEGER, s_market_id INTEGER",
    "promotion": "p_promo_sk INTEGER, p_channel_dmail VARCHAR, p_channel_email VARCHAR, p_channel_event VARCHAR, p_channel_tv VARCHAR",
    "warehouse": "w_warehouse_sk INTEGER, w_warehouse_name VARCHAR, w_warehouse_sq_ft INTEGER, w_state VARCHAR, w_country VARCHAR",
    "ship_mode": "sm_ship_mode_sk INTEGER, sm_type VARCHAR, sm_carrier VARCHAR",
    "inventory": "inv_date_sk INTEGER, inv_item_sk INTEGER, inv_warehouse_sk INTEGER, inv_quantity_on_hand INTEGER",
    "store_sales": _sales(
        "ss",
        "sold_date_sk sold_time_sk item_sk customer_sk cdemo_sk hdemo_sk addr_sk store_sk promo_sk ticket_number quantity",
    ),
    "store_returns": "sr_returned_date_sk INTEGER, sr_item_sk INTEGER, sr_customer_sk INTEGER, sr_store_sk INTEGER, sr_ticket_number INTEGER, sr_return_quantity INTEGER, sr_return_amt DECIMAL(7,2), sr_net_loss DECIMAL(7,2)",
    "catalog_sales": _sales(
        "cs",
        "sold_date_sk ship_date_sk item_sk bill_customer_sk bill_cdemo_sk bill_hdemo_sk bill_addr_sk ship_mode_sk warehouse_sk promo_sk order_number quantity",
    ),
    "catalog_returns": "cr_returned_date_sk INTEGER, cr_item_sk INTEGER, cr_order_number INTEGER, cr_return_quantity INTEGER, cr_return_amount DECIMAL(7,2), cr_refunded_cash DECIMAL(7,2)",
    "web_sales": _sales(
        "ws",
        "sold_date_sk ship_date_sk item_sk bill_customer_sk bill_addr_sk ship_mode_sk warehouse_sk promo_sk web_site_sk order_number quantity",
    ),
    "web_returns": "wr_returned_date_sk INTEGER, wr_item_sk INTEGER, wr_order_number INTEGER, wr_return_quantity INTEGER, wr_return_amt DECIMAL(7,2)",
}
_ROWS = {
    "date_dim": 730, "time_dim": 24, "item": 60, "customer": 120, "customer_address": 80, "customer_demographics": 40,
    "household_demographics": 30, "store": 6, "promotion": 10, "warehouse": 4, "ship_mode": 5, "inventory": 900,
    "store_sales": 2400, "store_returns": 400, "catalog_sales": 1200, "catalog_returns": 200, "web_sales": 900, "web_returns": 150,
}  # fmt: skip
_WORDS = {
    "i_category": "Books Music Home Electronics Jewelry Shoes", "i_class": "pop rock fiction classical mystery infants",
    "i_color": "red green blue plum navy powder", "i_size": "small medium large economy", "i_units": "Each Box Case Dozen",
    "ca_state": "TN GA CA TX OH KS", "s_state": "TN GA CA", "ca_city": "Fairview Midway Oakland Salem", "s_city": "Fairview Midway",
    "ca_county": "Walker Ziebach Huron Daviess", "s_county": "Walker Ziebach Huron", "ca_country": "China", "w_country": "China",
    "cd_gender": "M F", "cd_marital_status": "S M D W U", "cd_credit_rating": "Good Low High",
    "cd_education_status": "College Primary Secondary Unknown", "hd_buy_potential": ">10000 Unknown 0-500 501-1000",
    "c_first_name": "Ann Bob Cai Dan Eve", "c_last_name": "Li Wang Smith Zhao Chen", "c_preferred_cust_flag": "Y N",
    "c_birth_country": "CHINA PERU CHAD", "p_channel_dmail": "Y N", "p_channel_email": "Y N", "p_channel_event": "Y N",
    "p_channel_tv": "Y N", "w_state": "TN GA", "sm_type": "EXPRESS OVERNIGHT REGULAR", "sm_carrier": "UPS DHL SF",
    "t_meal_time": "breakfast lunch dinner", "s_store_name": "able bar cally ese ought", "i_brand": "brand1 brand2 brand3 brand4",
    "i_manufact": "able anti bar ought",
}  # fmt: skip
_SMALL = {
    "i_brand_id": 4, "i_class_id": 6, "i_category_id": 6, "i_manufact_id": 12, "i_manager_id": 10, "c_birth_month": 12,
    "c_birth_year": 60, "cd_purchase_estimate": 5, "cd_dep_count": 5, "hd_income_band_sk": 8, "hd_dep_count": 6, "hd_vehicle_count": 4,
    "s_number_employees": 300, "s_market_id": 5, "w_warehouse_sq_ft": 9000, "t_minute": 60, "s_gmt_offset": 2, "ca_gmt_offset": 2,
    "inv_quantity_on_hand": 500,
}  # fmt: skip
_POINTS = {
    "date_sk": "date_dim", "time_sk": "time_dim", "item_sk": "item", "customer_sk": "customer", "cdemo_sk": "customer_demographics",
    "hdemo_sk": "household_demographics", "addr_sk": "customer_address", "store_sk": "store", "promo_sk": "promotion",
    "warehouse_sk": "warehouse", "ship_mode_sk": "ship_mode", "site_sk": "store",
}  # fmt: skip


def columns(table: str) -> dict[str, str]:
    """Names and types of a table's columns."""
    listed = TABLES[table].replace("(7,2)", "(7;2)").split(", ")
    return {c.split()[0]: c.split()[1].replace(";", ",") for c in listed}


def grant() -> dict[str, object]:
    """Everything `select`."""
    return {
        "party": "P",
        "tables": {t: {"columns": {c: {"type": k, "uses": ["select"]} for c, k in columns(t).items()}} for t in TABLES},
    }


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Create and fill the tables."""
    for table, rows in _ROWS.items():
        listed = ", ".join(f"CAST({_value(table, c, k)} AS {k}) AS {c}" for c, k in columns(table).items())
        con.execute(f"CREATE TABLE {table} AS SELECT {listed} FROM range({rows}) t(i)")


def _value(table: str, column: str, kind: str) -> str:
    """A column's value in row i."""
    chance = f"(hash(i, '{column}') % 1000000)::bigint"
    day = "date '1999-07-01' + i::integer"
    known = {
        "d_date": day, "d_year": f"year({day})", "d_moy": f"month({day})", "d_dom": f"day({day})", "d_qoy": f"quarter({day})",
        "d_dow": f"dayofweek({day})", "d_week_seq": "i // 7 + 1", "d_month_seq": f"(year({day}) - 1999) * 12 + month({day})",
        "d_day_name": f"dayname({day})", "d_quarter_name": f"year({day}) || 'Q' || quarter({day})", "t_hour": "i",
    }  # fmt: skip
    if column in known:
        return known[column]
    if column in _WORDS:
        words = _WORDS[column].split()
        return f"list_extract({words}, 1 + {chance} % {len(words)})"
    if column in _SMALL:
        return (
            f"CASE WHEN {chance} % 29 = 0 AND '{column}' LIKE 'c%' THEN NULL ELSE {chance} % {_SMALL[column]} + 1 END"
        )
    target = next((t for s, t in _POINTS.items() if column.endswith(s)), "")
    if target and target != table:
        return f"CASE WHEN {chance} % 31 = 0 THEN NULL ELSE {chance} % {_ROWS[target]} END"
    if column.endswith(("number", "_sk")):
        return "i // 3" if column.endswith("number") else "i"
    if kind.startswith("DECIMAL"):
        return f"{chance} % 20000 / 100.0 - {30 if column.endswith('profit') else 0}"
    if kind == "INTEGER":
        return f"1 + {chance} % 100"
    if column.endswith("zip"):
        return f"'65' || lpad(({chance} % 900)::varchar, 3, '0')"
    return f"'{column[2:6].upper()}' || lpad(({chance} % 400)::varchar, 5, '0')"
