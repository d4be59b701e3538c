/// Mails to those who answer for an organization.
@NullMarked
package dev.gatewright.tenant.notice;

import org.jspecify.annotations.NullMarked;
