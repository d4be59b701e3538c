# Sends 40 MiB again and again to a server that refuses them early; prints each status it hears.
truncate -s 40M upload.bin
i=0
while [ "$i" -lt "$TIMES" ]; do
  curl -sk -o /dev/null -w '%{http_code}\n' -H 'Expect:' -H 'content-type: application/json' \
    -H "authorization: Bearer $KEY" --data-binary @upload.bin "$URL" || true
  i=$((i + 1))
done
