package dev.gatewright.identity.code;

import dev.gatewright.identity.session.Cookies;
import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.Site;
import dev.gatewright.rest.ApiCall;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A browser that nobody has signed in with yet, told from others by a random cookie, and known
/// again by signed marks of the addresses it was signed in as before.
///
/// @param token random; what binds a code to this browser
/// @param marks of addresses, as they came
public record Browser(Site site, InetAddress client, Place place, String token, String marks) {
  private static final String COOKIE = "gw_pre";
  private static final String KNOWN_COOKIE = "gw_known";
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern MARKS =
      Pattern.compile("([0-9]{1,6}\\.[A-Za-z0-9_-]{43})(~[0-9]{1,6}\\.[A-Za-z0-9_-]{43}){0,3}");

  private static final int TOKEN_BYTES = 32;
  private static final int MARKS_MAX = 4;
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final int KNOWN_DAYS = 180;
  private static final SecureRandom RANDOM = new SecureRandom();

  /// The one that calls. Without a cookie of ours, or with a spoilt one, it has an empty token.
  public static Browser of(ApiCall call, Site site) {
    List<String> cookies = call.headers("cookie");
    return new Browser(
        site,
        call.client(),
        Place.of(call),
        only(Cookies.named(cookies, COOKIE), TOKEN),
        only(Cookies.named(cookies, KNOWN_COOKIE), MARKS));
  }

  private static String only(List<String> values, Pattern form) {
    return values.size() == 1 && form.matcher(values.getFirst()).matches() ? values.getFirst() : "";
  }

  /// The same, with a token if it had none.
  public Browser recognizable() {
    if (!token.isEmpty()) {
      return this;
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new Browser(site, client, place, fresh, marks);
  }

  /// What rows hold of it: at another site it is another one.
  public String mac(Macs macs) {
    return macs.text("browser", token, site.origin());
  }

  public String tokenCookie() {
    return site.cookie(COOKIE, token, "Lax", LoginFlow.LIFE.toSeconds());
  }

  /// The next request for a code is another one's.
  public String noTokenCookie() {
    return site.cookie(COOKIE, "", "Lax", 0);
  }

  /// Whether it was signed in as this address lately.
  boolean known(Macs macs, String emailKey, long nowMillis) {
    return eachMark()
        .anyMatch(mark -> {
          String day = mark.substring(0, mark.indexOf('.'));
          return Long.parseLong(day) >= nowMillis / DAY_MILLIS
              && Macs.same(mark, mark(macs, emailKey, day));
        });
  }

  private Stream<String> eachMark() {
    return marks.isEmpty() ? Stream.empty() : Stream.of(marks.split("~"));
  }

  private static String mark(Macs macs, String emailKey, String day) {
    return day + "." + macs.text("known-browser", emailKey, day);
  }

  /// Remembers this address beside the last three others.
  String knownCookie(Macs macs, String emailKey, long nowMillis) {
    String fresh = mark(macs, emailKey, "" + (nowMillis / DAY_MILLIS + KNOWN_DAYS));
    List<String> others =
        eachMark()
            .filter(mark ->
                !Macs.same(mark, mark(macs, emailKey, mark.substring(0, mark.indexOf('.')))))
            .limit(MARKS_MAX - 1)
            .toList();
    String all = String.join("~", Stream.concat(Stream.of(fresh), others.stream()).toList());
    return site.cookie(KNOWN_COOKIE, all, "Strict", Duration.ofDays(KNOWN_DAYS).toSeconds());
  }
}
