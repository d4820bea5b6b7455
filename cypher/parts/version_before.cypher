// 前一次采集的数据版本 — before: data version at which the collection of $fromYear is read, with its later corrections.
// It is the last version whose day is in that year or earlier, or the current version if there is none, because one
// import brought that year and a later one.
// Needs $fromYear, $fromVersion (before, if it is given), $seq.
CALL () {
  WITH coalesce($fromVersion, head(COLLECT { MATCH (i:Import)
    WHERE i.state = 'PUBLISHED' AND i.sequence <= $seq AND i.day <= $fromYear * 10000 + 1231 RETURN i.sequence
    ORDER BY i.sequence DESC LIMIT 1 }), $seq) AS before
  RETURN before
}
