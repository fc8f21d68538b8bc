package io.millrace.ingest.capacity;

/** What an id may look like: 1 to 64 letters, digits, dots, dashes and underscores; a node's is two of these around a slash. */
public final class Ids {
    /** Longest id, and longest side of a node's id, in characters. */
    public static final int MAX_LENGTH = 64;

    /** In words, for messages. */
    public static final String RULE = "1 to " + MAX_LENGTH + " of A-Z a-z 0-9 . _ -";

    /** As much of a wrong text as a message repeats, in characters. */
    private static final int SHOWN = 80;

    private Ids() {}

    public static boolean valid(String id) {
        return valid(id, 0, id.length());
    }

    /** True for "centre/name". */
    static boolean validNode(String nodeId) {
        int slash = nodeId.indexOf('/');
        return slash >= 0 && valid(nodeId, 0, slash) && valid(nodeId, slash + 1, nodeId.length());
    }

    /** True if the part of a valid node id before the slash is this centre. */
    static boolean isOf(String nodeId, String centreId) {
        return nodeId.startsWith(centreId) && nodeId.charAt(centreId.length()) == '/';
    }

    /** The text in quotes, cut where it gets long: it may be anything that anybody sent. */
    public static String shown(String text) {
        return text.length() <= SHOWN
                ? '"' + text + '"'
                : '"' + text.substring(0, SHOWN) + "…\" (" + text.length() + " characters)";
    }

    private static boolean valid(String text, int from, int to) {
        int length = to - from;
        if (length < 1 || length > MAX_LENGTH) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (!allowed(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
