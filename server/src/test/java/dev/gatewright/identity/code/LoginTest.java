package dev.gatewright.identity.code;

import static dev.gatewright.identity.code.LoginStack.at;
import static dev.gatewright.identity.code.LoginStack.browser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.identity.session.Opened;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Signing in by code at the store, with the clock passed in.
class LoginTest {
  static final EmailAddress ANA = Objects.requireNonNull(EmailAddress.parse("ana@example.com"));
  private static final String WRONG = "00000000";

  private static <T> List<T> together(int count, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<T> results = new ArrayList<>();
      for (Future<T> each : threads.invokeAll(java.util.Collections.nCopies(count, work))) {
        results.add(each.get());
      }
      return results;
    }
  }

  @EachDatabase
  void code_parallel_guesses_count_exactly_five(Database database) throws Exception {
    try (LoginStack stack = new LoginStack(database)) {
      String code = stack.ask(ANA, browser(1));
      List<Boolean> none = together(12, () -> stack.signIns.signIn(ANA, WRONG, browser(1)) == null);
      assertThat(none).containsOnly(true);
      assertThat(stack.number("SELECT tries FROM login_flow")).isEqualTo(5);
      // A comparison is what counts as a failure of the address.
      assertThat(stack.number("SELECT n FROM auth_count WHERE name LIKE 'fail-email%'"))
          .isEqualTo(5);
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNull();
    }
  }

  @EachDatabase
  void code_parallel_right_answers_make_one_session(Database database) throws Exception {
    try (LoginStack stack = new LoginStack(database)) {
      for (int round = 0; round < 3; round++) {
        Browser browser = browser(round);
        String code = stack.ask(ANA, browser);
        long sessions = stack.number("SELECT COUNT(*) FROM session");
        List<Boolean> done = together(12, () -> stack.signIns.signIn(ANA, code, browser) != null);
        assertThat(done.stream().filter(Boolean::booleanValue)).hasSize(1);
        assertThat(stack.number("SELECT COUNT(*) FROM session")).isEqualTo(sessions + 1);
      }
    }
  }

  @EachDatabase
  void code_from_other_browser_refused(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      String code = stack.ask(ANA, browser(1));
      assertThat(stack.signIns.signIn(ANA, code, browser(2))).isNull();
      stack.requests.ask(ANA, browser(2));
      assertThat(stack.signIns.signIn(ANA, code, browser(2))).isNull();
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNotNull();
    }
  }

  @EachDatabase
  void code_on_other_site_refused(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      String code = stack.ask(ANA, browser(1));
      assertThat(stack.signIns.signIn(ANA, code, at("https://gate.example.com", 1, ""))).isNull();
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNotNull();
    }
  }

  @EachDatabase
  void code_resend_is_same_and_keeps_tries(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      String code = stack.ask(ANA, browser(1));
      for (int i = 0; i < 4; i++) {
        assertThat(stack.signIns.signIn(ANA, WRONG, browser(1))).isNull();
      }
      assertThat(stack.ask(ANA, browser(1))).isEqualTo(code);
      assertThat(stack.number("SELECT tries FROM login_flow")).isEqualTo(4);
      assertThat(stack.mails).hasSize(2).containsOnly(stack.mails.getFirst());
      assertThat(stack.signIns.signIn(ANA, WRONG, browser(1))).isNull();
      stack.requests.ask(ANA, browser(1));
      assertThat(stack.requests.newest(ANA)).isEmpty();
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNull();
    }
  }

  @EachDatabase
  void code_is_good_for_ten_minutes_and_once(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      String late = stack.ask(ANA, browser(1));
      stack.test.pass(Duration.ofMinutes(10));
      assertThat(stack.signIns.signIn(ANA, late, browser(1))).isNull();
      String code = stack.ask(ANA, browser(1));
      assertThat(code).isNotEqualTo(late);
      stack.test.pass(Duration.ofMinutes(10).minusMillis(500));
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNotNull();
      assertThat(stack.signIns.signIn(ANA, code, browser(1))).isNull();
    }
  }

  @EachDatabase
  void code_is_read_as_people_type(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      for (int i = 0; i < 5; i++) {
        String code = stack.ask(ANA, browser(i));
        assertThat(code).matches("[0-9A-HJKMNP-TV-Z]{8}");
        String typed =
            " "
                + code.substring(0, 4).toLowerCase(java.util.Locale.ROOT).replace('0', 'o')
                + "-"
                + code.substring(4).replace('1', i % 2 == 0 ? 'l' : 'I')
                + " ";
        assertThat(stack.signIns.signIn(ANA, typed, browser(i))).as(typed).isNotNull();
      }
    }
  }

  @EachDatabase
  void send_budget_leaves_two_for_known_browser(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      Browser first = browser(1);
      Opened mine = stack.signIns.signIn(ANA, stack.ask(ANA, first), first);
      assertThat(mine).isNotNull();
      String cookie = first.knownCookie(stack.macs, ANA.key(), stack.test.time.millis());
      String marks = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
      stack.test.pass(Duration.ofHours(1));
      stack.mails.clear();
      for (int i = 0; i < 20; i++) {
        stack.requests.ask(ANA, browser(100 + i));
      }
      assertThat(stack.mails).hasSize(3);
      Browser known = at("http://localhost:8080", 2, marks);
      String code = stack.ask(ANA, known);
      stack.requests.ask(ANA, known);
      stack.requests.ask(ANA, known);
      assertThat(stack.mails).hasSize(5);
      // A mark of another address is no mark of this one.
      EmailAddress bob = Objects.requireNonNull(EmailAddress.parse("bob@example.com"));
      assertThat(known.known(stack.macs, bob.key(), stack.test.time.millis())).isFalse();
      assertThat(stack.signIns.signIn(ANA, code, known)).isNotNull();
      stack.test.pass(Duration.ofDays(181));
      assertThat(known.known(stack.macs, ANA.key(), stack.test.time.millis())).isFalse();
    }
  }

  @EachDatabase
  void failures_of_strangers_do_not_lock_a_known_browser_out(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      Browser first = browser(1);
      assertThat(stack.signIns.signIn(ANA, stack.ask(ANA, first), first)).isNotNull();
      String cookie = first.knownCookie(stack.macs, ANA.key(), stack.test.time.millis());
      String marks = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
      for (int i = 0; i < 8; i++) {
        Browser stranger = browser(100 + i);
        stack.requests.ask(ANA, stranger);
        for (int n = 0; n < 5; n++) {
          assertThat(stack.signIns.signIn(ANA, WRONG, stranger)).isNull();
        }
      }
      assertThat(stack.test.audit())
          .filteredOn(entry -> entry.action().equals("session.locked_out"))
          .hasSize(1)
          .allMatch(entry -> entry.outcome().equals("denied"));
      Browser stranger = browser(200);
      assertThat(stack.signIns.signIn(ANA, stack.ask(ANA, stranger), stranger)).isNull();
      Browser known = at("http://localhost:8080", 2, marks);
      assertThat(stack.signIns.signIn(ANA, stack.ask(ANA, known), known)).isNotNull();
      stack.test.pass(Duration.ofDays(1));
      assertThat(stack.signIns.signIn(ANA, stack.ask(ANA, stranger), stranger)).isNotNull();
    }
  }

  @EachDatabase
  void unknown_address_same_rows(Database database) {
    try (LoginStack stack = new LoginStack(database, new SignUp.Invited())) {
      EmailAddress invited = Objects.requireNonNull(EmailAddress.parse("invited@example.com"));
      assertThat(stack.signIns.signIn(invited, stack.ask(invited, browser(1)), browser(1)))
          .isNotNull();
      long flows = stack.number("SELECT COUNT(*) FROM login_flow");
      stack.mails.clear();
      stack.requests.ask(invited, browser(2));
      stack.requests.ask(ANA, browser(3));
      assertThat(stack.number("SELECT COUNT(*) FROM login_flow")).isEqualTo(flows + 2);
      assertThat(stack.mails).hasSize(2);
      // What is left to be mailed comes to nothing for who may not sign in.
      assertThat(stack.requests.ofFlow(stack.mails.get(0))).isPresent();
      assertThat(stack.requests.ofFlow(stack.mails.get(1))).isEmpty();
      assertThat(stack.requests.newest(ANA)).isEmpty();
      Secret code = LoginCode.of(stack.macs, stack.mails.get(1), ANA.key());
      assertThat(stack.signIns.signIn(ANA, code.expose(), browser(3))).isNull();
      assertThat(stack.number("SELECT COUNT(*) FROM person")).isEqualTo(1);
    }
  }

  @EachDatabase
  void sign_up_by_domain_makes_persons_of_it_alone(Database database) {
    try (LoginStack stack =
        new LoginStack(database, new SignUp.OfDomains(java.util.Set.of("example.com")))) {
      assertThat(stack.signIns.signIn(ANA, stack.ask(ANA, browser(1)), browser(1))).isNotNull();
      EmailAddress other = Objects.requireNonNull(EmailAddress.parse("ana@sub.example.com"));
      stack.requests.ask(other, browser(2));
      assertThat(stack.requests.newest(other)).isEmpty();
    }
  }

  @EachDatabase
  void database_dump_yields_no_code(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      String code = stack.ask(ANA, browser(1));
      Opened opened = Objects.requireNonNull(stack.signIns.signIn(ANA, code, browser(1)));
      for (String table : List.of("login_flow", "auth_count", "session", "audit_entry", "change")) {
        String dump =
            database.read(handle ->
                handle.createQuery("SELECT * FROM " + table).mapToMap().list().toString());
        assertThat(dump).as(table).doesNotContain(code, opened.token().expose());
      }
    }
  }

  @EachDatabase
  void no_guess_of_ten_thousand_is_right(Database database) {
    try (LoginStack stack = new LoginStack(database)) {
      stack.guess(10_000);
    }
  }
}
