// 持有人类型 — Label of the holder or recipient h. A village is also an Area.
head([l IN labels(h) WHERE l <> 'Area'])
