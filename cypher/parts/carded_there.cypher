// 该年住所 — Whether the household of the card c had the home k in the card's year. Needs c, k, $seq.
known(k) AND known(c) AND k.since <= c.year * 10000 + 1231 AND k.until >= c.year * 10000 + 101
