// 家庭纯收入 — What a household has in the year of its card c, in fen: its kinds of income without its expense; null where no kind is known. Needs c.
CASE WHEN coalesce(c.wage_income, c.business_income, c.property_income, c.transfer_income) IS NULL THEN null
  ELSE coalesce(c.wage_income, 0) + coalesce(c.business_income, 0) + coalesce(c.property_income, 0) + coalesce(c.transfer_income, 0) - coalesce(c.business_expense, 0) END
