// 持有人类型 — Label of the holder or recipient h. A village is also an Area. Needs h.
head([l IN labels(h) WHERE l <> 'Area'])
