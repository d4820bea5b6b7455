// 更晚的数据 — Published imports of a later day than $day, and changes made since the collection of that day.
// An older import does not overwrite them.
// @params day
// @returns sequence, changed
MATCH (i:Import)
WHERE i.state = 'PUBLISHED' AND i.day >= $day AND (i.day > $day OR i.purpose = 'CHANGE')
RETURN i.sequence AS sequence, i.purpose = 'CHANGE' AS changed
ORDER BY i.sequence
