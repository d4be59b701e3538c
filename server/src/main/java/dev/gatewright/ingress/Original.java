package dev.gatewright.ingress;

import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.head.TargetCheck;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The request a front proxy asks about, as far as it may be believed. Pure.
sealed interface Original {
  /// @param path without the query; the edge's rules for paths hold for it
  record Believed(String method, String path) implements Original {}

  /// Nobody whom we believe says which request this is about.
  record Unknown() implements Original {}

  /// Somebody whom we believe says it, but so that two readers could understand two requests.
  ///
  /// @param reason such as `path_dots`, `forwarded_disagree`
  record Unreadable(String reason) implements Original {}

  /// What the headers of a request to `/auth/verify` say. Of several names for one thing those that
  /// are given must agree: a proxy sets one of them, and its caller may have sent the other.
  static Original ofHeaders(RequestHead head) {
    if (!head.believesFront()) {
      return new Unknown();
    }
    Claim uri = Claim.of(head.headers(), "x-forwarded-uri", "x-original-uri", "x-original-url");
    Claim method = Claim.of(head.headers(), "x-forwarded-method", "x-original-method");
    String bad = uri.bad != null ? uri.bad : method.bad;
    if (bad != null) {
      return new Unreadable(bad);
    }
    return uri.text == null
        ? new Unknown()
        : of(method.text == null ? head.method() : method.text, uri.text);
  }

  /// What the request line of a request below `prefix` says: Envoy asks with the original method
  /// and path. The line is no claim but the request itself, so it is taken from anybody.
  static Original ofRequestLine(RequestHead head, String prefix) {
    return of(head.method(), head.path().substring(prefix.length()));
  }

  private static Original of(String method, String target) {
    String objection = TargetCheck.objection(target);
    int question = target.indexOf('?');
    return objection == null
        ? new Believed(method, question < 0 ? target : target.substring(0, question))
        : new Unreadable(objection);
  }

  /// The one value that all headers of some names have.
  ///
  /// @param text null when none of them is there
  /// @param bad why they do not count
  record Claim(@Nullable String text, @Nullable String bad) {
    private static Claim of(HttpHeaders headers, String... names) {
      String found = null;
      for (String name : names) {
        List<String> values = headers.getAll(name);
        if (values.size() > 1) {
          return new Claim(null, "forwarded_repeated");
        }
        if (!values.isEmpty()) {
          String value =
              name.equals("x-original-url") ? target(values.getFirst()) : values.getFirst();
          if (found != null && !found.equals(value)) {
            return new Claim(null, "forwarded_disagree");
          }
          found = value;
        }
      }
      return new Claim(found, null);
    }

    /// Some proxies give the whole URL under this name.
    private static String target(String url) {
      int scheme = url.indexOf("://");
      String before = scheme < 0 ? "" : url.substring(0, scheme).toLowerCase(Locale.ROOT);
      if (!before.equals("http") && !before.equals("https")) {
        return url;
      }
      int slash = url.indexOf('/', scheme + 3);
      return slash < 0 ? "/" : url.substring(slash);
    }
  }
}
