/* The page that the bank's window comes back to: it closes itself; the widget hears of the outcome from the server. */
window.close();
