INSERT INTO visits AS visit (key, began_at, times)
VALUES (%(key)s, %(at)s, 1)
    ON CONFLICT (key) DO UPDATE
   SET times = CASE WHEN visit.began_at <= %(since)s THEN 1 ELSE visit.times + 1 END,
       began_at = CASE WHEN visit.began_at <= %(since)s THEN %(at)s ELSE visit.began_at END
RETURNING times
