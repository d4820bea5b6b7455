// 单点依赖 — Who alone meets duties of help that are owed on a day, the most first: where one goes, so many villages or households have nobody.
// What is owed, and who meets it, is as in expiring_duties; so are villageDuties and helper. A duty of a village or household counts as alone where
// nobody else meets it. after: [-alone, rank, holder].
// @params areas, low, high, asOf, seq, year, yearsAfterExit, villageDuties, helper, after, limit
// @returns load, rank, holder, duty, cadre_no, department_no, held, alone
part(alone)
WITH -alone AS load, rank, coalesce(holder[0], holder[1]) AS number, duty, holder, held, alone
WHERE alone > 0 AND (load > $after[0] OR (load = $after[0] AND (rank > $after[1] OR (rank = $after[1] AND number > $after[2]))))
WITH load, rank, number, duty, holder, held, alone ORDER BY load, rank, number LIMIT $limit
WITH load, rank, number AS holder, duty, holder[0] AS cadre_no, holder[1] AS department_no, held, alone
RETURN load, rank, holder, duty, cadre_no, department_no, held, alone
ORDER BY load, rank, holder
