// 单点依赖 — Sole holders of duties of help on a day, by number of villages or households, descending.
// Entitlements and valid terms are as in expiring_duties, and so are villageDuties and helper. `alone` is the number of
// villages or households for which nobody else meets the duty. after: [-alone, rank, holder].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helpers, after, limit
// @returns load, rank, holder, duty, cadre_no, department_no, held, alone
part(alone)
WITH -alone AS load, rank, coalesce(holder[0], holder[1]) AS number, duty, holder, held, alone
WHERE alone > 0 AND (load > $after[0] OR (load = $after[0]
  AND (rank > $after[1] OR (rank = $after[1] AND number > $after[2]))))
WITH load, rank, number, duty, holder, held, alone ORDER BY load, rank, number LIMIT $limit
WITH load, rank, number AS holder, duty, holder[0] AS cadre_no, holder[1] AS department_no, held, alone
RETURN load, rank, holder, duty, cadre_no, department_no, held, alone
ORDER BY load, rank, holder
