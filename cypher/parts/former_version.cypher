// 前一次采集的数据版本 — before: the data version at which the collection of $fromYear is looked at, with what was corrected of it later: the last whose day is
// of that year or before; the present one where there is none (one delivery brought that year and a later one). Needs $fromYear, $fromVersion (before, where it is given), $seq.
WITH coalesce($fromVersion, head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }), $seq) AS before
