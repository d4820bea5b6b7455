// 取整 — A fraction [numerator, denominator above 0] rounded to an integer, half to even; null if it is unknown.
// Needs fraction.
CASE WHEN fraction[0] IS NULL OR fraction[1] IS NULL THEN null
  ELSE fraction[0] / fraction[1] + CASE WHEN abs(fraction[0] % fraction[1]) * 2 > fraction[1]
    OR (abs(fraction[0] % fraction[1]) * 2 = fraction[1] AND fraction[0] / fraction[1] % 2 <> 0)
    THEN CASE WHEN fraction[0] < 0 THEN -1 ELSE 1 END ELSE 0 END END
