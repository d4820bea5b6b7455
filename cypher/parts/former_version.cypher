// 原采集的数据版本 — The data versions of the collection of $fromYear: before, at which its cards are looked at, with what was corrected of them later; there, at which
// homes and members are: the last of it before a later year was collected; dated: whether there is one (else one delivery brought both years). Needs $fromYear, $fromVersion (both, where it is given), $seq.
WITH head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }) AS own,
  coalesce(head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day > $fromYear * 10000 + 1231 AND i.purpose IN ['COLLECTION', 'LOOK_BACK'] RETURN i.sequence ORDER BY i.sequence LIMIT 1 }), $seq + 1) AS later
WITH own, head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence < later AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }) AS first
WITH coalesce($fromVersion, own, $seq) AS before, coalesce($fromVersion, first, own, $seq) AS there, coalesce($fromVersion, first) IS NOT NULL AS dated
