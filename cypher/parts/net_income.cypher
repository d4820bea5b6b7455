// 家庭纯收入 — Net income of a household in the year of its card c, in fen: its four kinds of income minus its business
// expenses.
// It is null (unknown) if any of the five is blank: a blank is not zero. Needs c.
c.wage_income + c.business_income + c.property_income + c.transfer_income - c.business_expense
