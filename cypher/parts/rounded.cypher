// 取整 — A fraction [numerator, denominator above 0] as a whole number, half to even; null where it is not known. Needs fraction.
CASE WHEN fraction[0] IS NULL OR fraction[1] IS NULL THEN null
  ELSE fraction[0] / fraction[1] + CASE WHEN abs(fraction[0] % fraction[1]) * 2 > fraction[1] OR (abs(fraction[0] % fraction[1]) * 2 = fraction[1] AND fraction[0] / fraction[1] % 2 <> 0)
    THEN CASE WHEN fraction[0] < 0 THEN -1 ELSE 1 END ELSE 0 END END
