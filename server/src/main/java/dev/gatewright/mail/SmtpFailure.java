package dev.gatewright.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/// Why a mail was not taken, in our words.
///
/// @param permanent trying again is no use
/// @param ofServer the server or the way to it is at fault, not this one mail
/// @param lineLost the connection ended before the server said anything about the mail
record SmtpFailure(String problem, boolean permanent, boolean ofServer, boolean lineLost) {

  static SmtpFailure of(Exception failure) {
    int code = 0;
    String what = "";
    for (Throwable at = failure; at != null; at = next(at)) {
      switch (at) {
        case SMTPAddressFailedException address -> {
          code = address.getReturnCode();
          what = "the recipient";
        }
        case SMTPSenderFailedException sender -> {
          code = sender.getReturnCode();
          what = "the sender";
        }
        case SMTPSendFailedException mail -> {
          code = mail.getReturnCode();
          what = "the mail";
        }
        case AuthenticationFailedException _ -> {
          return server("the server refused mail.user and mail.password");
        }
        case NearbyHost.Far _ -> {
          return server("tls is none, but the server is neither loopback nor private");
        }
        case UnknownHostException _ -> {
          return server("the name of the server is not known");
        }
        case SSLException _ -> {
          return server("no TLS with the server (certificate or protocol)");
        }
        case SocketTimeoutException _ -> {
          return server("the server did not answer in time");
        }
        case ConnectException _ -> {
          return server("the server cannot be reached");
        }
        default -> {}
      }
    }
    return answered(failure, code, what);
  }

  private static SmtpFailure answered(Exception failure, int code, String what) {
    if (code >= 400) {
      // 530 and a refused sender are settings to put right; the mail itself may be fine.
      boolean setting = code == 530 || what.equals("the sender");
      boolean leaving = code == 421;
      return new SmtpFailure(
          "the server refused %s with %d".formatted(what, code),
          code >= 500 && !setting,
          leaving || setting,
          leaving);
    }
    String text = String.valueOf(failure.getMessage());
    if (text.startsWith("STARTTLS is required")) {
      return server("the server offers no STARTTLS");
    }
    return new SmtpFailure("the connection to the server broke", false, true, true);
  }

  private static SmtpFailure server(String problem) {
    return new SmtpFailure(problem, false, true, false);
  }

  private static @Nullable Throwable next(Throwable at) {
    return at instanceof MessagingException mail && mail.getNextException() != null
        ? mail.getNextException()
        : at.getCause();
  }
}
