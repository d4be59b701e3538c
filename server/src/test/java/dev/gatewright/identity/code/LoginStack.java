package dev.gatewright.identity.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.identity.session.Macs;
import dev.gatewright.identity.session.Place;
import dev.gatewright.identity.session.Sessions;
import dev.gatewright.identity.session.Site;
import dev.gatewright.key.TestKeys;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.store.Database;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/// Everything a process has for it, where everybody may come.
final class LoginStack implements AutoCloseable {
  private static final String CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  final TestKeys test;
  final Macs macs =
      new Macs(new SecretKeySpec("k".repeat(32).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
  final List<String> mails = new CopyOnWriteArrayList<>();
  final Sessions sessions;
  final AuthLimits limits = new AuthLimits(macs);
  final CodeRequests requests;
  final SignIns signIns;

  LoginStack(Database database, SignUp signUp) {
    test = new TestKeys(database);
    sessions = new Sessions(database, test.feed, test.keys.audit(), test.owner(), macs, test.time);
    People people = new People(signUp, (_, key, _) -> key.startsWith("invited@"));
    requests =
        new CodeRequests(
            database, macs, limits, people, (_, flow, _) -> mails.add(flow), test.time);
    signIns =
        new SignIns(
            database,
            test.keys.audit(),
            test.owner(),
            sessions,
            macs,
            limits,
            people,
            (_, _) -> true,
            test.time);
  }

  LoginStack(Database database) {
    this(database, new SignUp.Everybody());
  }

  String ask(EmailAddress email, Browser browser) {
    requests.ask(email, browser);
    return requests.newest(email).orElseThrow().code().expose();
  }

  long number(String sql) {
    return test.database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    sessions.close();
    test.close();
  }

  static Browser browser(int number) {
    return at("http://localhost:8080", number, "");
  }

  static Browser at(String origin, int number, String marks) {
    InetAddress client =
        InetAddress.ofLiteral("10.%d.%d.1".formatted(number >> 8 & 255, number & 255));
    return new Browser(
        new Site(origin, "gw_8080", false),
        client,
        new Place(client.getHostAddress(), "test", "req_1", "localhost:8080"),
        "b" + number,
        marks);
  }

  /// A code as one could be.
  private static String guess(Random random) {
    return random
        .ints(8, 0, CODE_ALPHABET.length())
        .mapToObj(i -> CODE_ALPHABET.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  /// Guesses by many, from many networks, in many browsers, for days: the counters let few through.
  void guess(int guesses) {
    Random random = new Random(7);
    int batch = 1_000;
    int right = 0;
    for (int done = 0; done < guesses; done += batch) {
      for (int i = 0; i < 20; i++) {
        requests.ask(LoginTest.ANA, browser(random.nextInt(1_000)));
      }
      right +=
          test.database.write(handle -> {
            int found = 0;
            for (int i = 0; i < batch; i++) {
              String code = guess(random);
              if (signIns.proves(handle, LoginTest.ANA, code, browser(random.nextInt(1_000)))) {
                found++;
              }
            }
            return found;
          });
      test.pass(Duration.ofMinutes(10));
    }
    assertThat(right).isZero();
    long compared =
        number("SELECT COALESCE(SUM(n), 0) FROM auth_count WHERE name LIKE 'fail-email%'");
    assertThat(compared).isPositive();
  }
}
