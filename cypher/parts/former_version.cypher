// 两次采集的数据版本 — The data versions of the two collections. before: at which the cards of $fromYear are looked at, with what was corrected of them later; there: at which its
// homes and members are, the last of its year before a later year was collected; dated: whether there is one (else one delivery brought this year and a later one). upto, closed: the
// same of $toYear; upto is the present one where there is none. Needs $fromYear, $toYear, $fromVersion (both before and there, where it is given), $seq.
WITH head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }) AS own,
  coalesce(head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day > $fromYear * 10000 + 1231 AND i.purpose IN ['COLLECTION', 'LOOK_BACK'] RETURN i.sequence ORDER BY i.sequence LIMIT 1 }), $seq + 1) AS later,
  coalesce(head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day > $toYear * 10000 + 1231 AND i.purpose IN ['COLLECTION', 'LOOK_BACK'] RETURN i.sequence ORDER BY i.sequence LIMIT 1 }), $seq + 1) AS beyond
WITH own, beyond, head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence < later AND i.day <= $fromYear * 10000 + 1231 AND i.day >= $fromYear * 10000 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }) AS first,
  head(COLLECT { MATCH (i:Import) WHERE i.state = 'PUBLISHED' AND i.sequence < beyond AND i.day <= $toYear * 10000 + 1231 AND i.day >= $toYear * 10000 RETURN i.sequence ORDER BY i.sequence DESC LIMIT 1 }) AS last
WITH coalesce($fromVersion, own, $seq) AS before, coalesce($fromVersion, first, own, $seq) AS there, coalesce($fromVersion, first) IS NOT NULL AS dated,
  CASE WHEN beyond > $seq THEN $seq ELSE coalesce(last, $seq) END AS upto, CASE WHEN beyond > $seq THEN coalesce($fromVersion, first) IS NOT NULL ELSE last IS NOT NULL END AS closed
