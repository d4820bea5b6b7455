// 更晚的数据 — Published imports of a later day than $day, and changes made since that day's collection: they are not rolled back.
// @params day
// @returns sequence
MATCH (i:Import)
WHERE i.state = 'PUBLISHED' AND i.day >= $day AND (i.day > $day OR i.purpose = 'CHANGE')
RETURN i.sequence AS sequence
ORDER BY i.sequence
