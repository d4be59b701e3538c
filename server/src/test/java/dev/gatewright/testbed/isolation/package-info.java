/// Two tenants on one gate, and every operation asked for what is the other's.
@org.jspecify.annotations.NullMarked
package dev.gatewright.testbed.isolation;
