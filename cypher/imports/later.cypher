// 更晚的数据 — Published imports of a later day than $day, and changes made since that day's collection: they are not rolled back.
// @params day
// @returns sequence, changed
MATCH (i:Import)
WHERE i.state = 'PUBLISHED' AND i.day >= $day AND (i.day > $day OR i.purpose = 'CHANGE')
RETURN i.sequence AS sequence, i.purpose = 'CHANGE' AS changed
ORDER BY i.sequence
