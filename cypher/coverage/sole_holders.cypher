// 唯一责任人 — Sole holders of duties of help on a day, by number of villages or households, descending.
// Entitlements and valid terms are as in expiring_duties, and so are villageDuties and helpers. subjects: number of
// villages or households for which the holder meets the duty; sole_subjects: of those for which nobody else does.
// after: [-sole_subjects, rank, holder].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers, after, limit
// @returns load, rank, holder, duty, cadre_no, department_no, subjects, sole_subjects
part(sole_holders)
WITH -sole_subjects AS load, rank, coalesce(cadre_no, department_no) AS holder, duty, cadre_no, department_no, subjects,
  sole_subjects
WHERE sole_subjects > 0 AND (load > $after[0] OR (load = $after[0]
  AND (rank > $after[1] OR (rank = $after[1] AND holder > $after[2]))))
WITH load, rank, holder, duty, cadre_no, department_no, subjects, sole_subjects ORDER BY load, rank, holder LIMIT $limit
RETURN load, rank, holder, duty, cadre_no, department_no, subjects, sole_subjects
ORDER BY load, rank, holder
