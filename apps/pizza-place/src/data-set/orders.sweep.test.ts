// Reading the data set: all of it, and texts that are not of its form.
import { describe, expect, it } from "vitest";
import { totalOf } from "../order/menu.ts";
import { readMenu } from "./menu.ts";
import { yearOrders } from "../programs/start/options.ts";
import { centsOf, parseOrders, readOrders } from "./orders.ts";

const header = "id,date,time,name,size,type,price";

describe("the data set", () => {
  it("has 21,350 orders of 49,574 pizzas for 817,860.05 dollars, in the order in which they were placed", () => {
    const orders = readOrders();
    const lines = orders.flatMap((order) => order.lines);
    expect(orders).toHaveLength(yearOrders);
    expect(lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(49_574);
    expect(totalOf(lines)).toBe(817_860_05);
    expect(orders.map(({ orderId }) => orderId)).toEqual(orders.map(({ orderId }) => orderId).toSorted());
  });

  it("makes one line of pizzas that are alike", () => {
    const rows = ["hawaiian,M,classic,13.25", "hawaiian,L,classic,16.5", "hawaiian,M,classic,13.25"];
    const csv = [header, ...rows.map((row) => `2015-000001,2015-01-01,11:38:36,${row}`)].join("\n");
    expect(parseOrders(csv)).toEqual([
      {
        orderId: "2015-000001",
        placedAt: "2015-01-01T11:38:36",
        lines: [
          { pizza: "hawaiian", size: "M", quantity: 2, price: 1325 },
          { pizza: "hawaiian", size: "L", quantity: 1, price: 1650 },
        ],
      },
    ]);
  });

  it("refuses a row of another form", () => {
    expect(() =>
      parseOrders(`${header}\n2015-000001,2015-01-01,11:38:36,hawaiian,M,classic,cheap`),
    ).toThrow();
    expect(() => parseOrders(`${header}\n2015-000001,2015-13-01,11:38:36,hawaiian,M,classic,1`)).toThrow();
    expect(() => parseOrders(`${header}\n2015-000001,2015-01-01`)).toThrow();
    expect(() => parseOrders(`${header}\n2015-000001,2015-01-01,11:38:36,hawaiian,M,classic,1,2`)).toThrow(
      "too many columns",
    );
    expect(() => parseOrders("id,date\n2015-000001,2015-01-01")).toThrow("other columns");
  });

  it("reads amounts to the cent", () => {
    expect(["16", "13.25", "12.5", "0.07"].map(centsOf)).toEqual([1600, 1325, 1250, 7]);
  });

  it("has a menu of 32 pizzas at 91 prices", () => {
    const menu = readMenu(readOrders());
    expect(menu).toHaveLength(91);
    expect(new Set(menu.map(({ pizza }) => pizza)).size).toBe(32);
    expect(menu[0]).toEqual({
      pizza: "bbq_ckn",
      title: "The Barbecue Chicken Pizza",
      category: "Chicken",
      size: "S",
      price: 1275,
    });
  });
});
