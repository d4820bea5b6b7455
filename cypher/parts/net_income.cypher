// 家庭纯收入 — What a household has in the year of its card c, in fen: its four kinds of income without its expense for production; null (not known) where any
// of the five is blank: a blank is not zero. Needs c.
c.wage_income + c.business_income + c.property_income + c.transfer_income - c.business_expense
