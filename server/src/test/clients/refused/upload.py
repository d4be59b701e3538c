"""Sends 40 MiB again and again to a server that refuses them early; prints each status it hears."""
import http.client
import os
import ssl
import urllib.parse

url = urllib.parse.urlsplit(os.environ["URL"])
body = b"x" * (40 * 1024 * 1024)
headers = {"authorization": "Bearer " + os.environ["KEY"], "content-type": "application/json"}
for _ in range(int(os.environ["TIMES"])):
    if url.scheme == "https":
        connection = http.client.HTTPSConnection(url.netloc, context=ssl._create_unverified_context())
    else:
        connection = http.client.HTTPConnection(url.netloc)
    try:
        connection.request("POST", url.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        print(answer.status)
    except OSError as error:
        print(type(error).__name__)
    finally:
        connection.close()
