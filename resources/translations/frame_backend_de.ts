<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutCard</name>
    <message>
        <source>Frame Backend {version}</source>
        <translation>Frame Backend {version}</translation>
    </message>
    <message>
        <source>MIT licence. Runs on Python {python} and Qt {qt}.</source>
        <translation>MIT-Lizenz. Läuft mit Python {python} und Qt {qt}.</translation>
    </message>
    <message>
        <source>Libraries and licences</source>
        <translation>Bibliotheken und Lizenzen</translation>
    </message>
    <message>
        <source>For programs: the API</source>
        <translation>Für Programme: die API</translation>
    </message>
    <message>
        <source>Opens in the browser while the server runs.</source>
        <translation>Öffnet sich im Browser, solange der Server läuft.</translation>
    </message>
</context>
<context>
    <name>ActivityFilter</name>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Search in answers (Ctrl+F)</source>
        <translation>In Antworten suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Search in answers</source>
        <translation>In Antworten suchen</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>All profiles</source>
        <translation>Alle Profile</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 3 days</source>
        <translation>Letzte 3 Tage</translation>
    </message>
    <message>
        <source>All time</source>
        <translation>Gesamte Zeit</translation>
    </message>
    <message>
        <source>From … to</source>
        <translation>Von … bis</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Markiert</translation>
    </message>
    <message>
        <source>Marked or not</source>
        <translation>Markiert oder nicht</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Favoriten</translation>
    </message>
    <message>
        <source>Thumbs up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>Thumbs down</source>
        <translation>Daumen runter</translation>
    </message>
</context>
<context>
    <name>ActivityModel</name>
    <message>
        <source>Found in the whole answer or in another AI&apos;s reply: {answer}</source>
        <translation>Gefunden in der ganzen Antwort oder in dem, was eine andere KI sagte: {answer}</translation>
    </message>
</context>
<context>
    <name>ActivityTab</name>
    <message>
        <source>Activity</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>No frame matches</source>
        <translation>Kein Bild passt</translation>
    </message>
    <message>
        <source>There are frames in the history, but none like that.</source>
        <translation>Im Verlauf sind Bilder, aber keine solchen.</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>the judge</source>
        <translation>der Schiedsrichter</translation>
    </message>
    <message>
        <source>{address} is blocked.</source>
        <translation>{address} ist gesperrt.</translation>
    </message>
</context>
<context>
    <name>AddCustom</name>
    <message>
        <source>Add a server of your own</source>
        <translation>Eigenen Server hinzufügen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>A model that can see; Test lists them</source>
        <translation>Ein Modell, das sehen kann; Testen zeigt sie</translation>
    </message>
    <message>
        <source>&amp;Program</source>
        <translation>&amp;Programm</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>It needs a name and an address.</source>
        <translation>Es braucht einen Namen und eine Adresse.</translation>
    </message>
</context>
<context>
    <name>AddProfile</name>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>Auth &amp;key</source>
        <translation>Zugangs&amp;schlüssel</translation>
    </message>
</context>
<context>
    <name>AddressList</name>
    <message>
        <source>VPN: not reached from your Wi-Fi</source>
        <translation>VPN: aus Ihrem WLAN nicht erreichbar</translation>
    </message>
    <message>
        <source>containers on this computer only</source>
        <translation>nur Container auf diesem Computer</translation>
    </message>
    <message>
        <source>virtual machines on this computer only</source>
        <translation>nur virtuelle Maschinen auf diesem Computer</translation>
    </message>
    <message>
        <source>this computer only</source>
        <translation>nur dieser Computer</translation>
    </message>
    <message>
        <source>Addresses of this computer</source>
        <translation>Adressen dieses Computers</translation>
    </message>
    <message>
        <source>most likely this one</source>
        <translation>am ehesten diese</translation>
    </message>
</context>
<context>
    <name>AiOffer</name>
    <message>
        <source>Only this computer looks at the pictures so far. An AI describes whole scenes, and needs a key.</source>
        <translation>Bisher sieht nur dieser Computer die Bilder an. Eine KI beschreibt ganze Szenen und braucht einen Schlüssel.</translation>
    </message>
    <message>
        <source>Add an AI</source>
        <translation>KI hinzufügen</translation>
    </message>
    <message>
        <source>No, thanks</source>
        <translation>Nein, danke</translation>
    </message>
</context>
<context>
    <name>AiStep</name>
    <message>
        <source>AI</source>
        <translation>KI</translation>
    </message>
    <message>
        <source>Which AI answers?</source>
        <translation>Welche KI antwortet?</translation>
    </message>
    <message>
        <source>An AI describes what the glasses see, and needs a key. You can add more later.</source>
        <translation>Eine KI beschreibt, was die Brille sieht, und braucht einen Schlüssel. Weitere gehen später.</translation>
    </message>
    <message>
        <source>&amp;Without: on this computer only</source>
        <translation>&amp;Ohne: nur auf diesem Computer</translation>
    </message>
    <message>
        <source>Names things, reads text and codes; needs no key.</source>
        <translation>Nennt Dinge, liest Text und Codes; braucht keinen Schlüssel.</translation>
    </message>
    <message>
        <source>Get a key</source>
        <translation>Schlüssel holen</translation>
    </message>
    <message>
        <source>Get a key from {vendor}</source>
        <translation>Schlüssel von {vendor} holen</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>&amp;Testen</translation>
    </message>
    <message>
        <source>API &amp;key</source>
        <translation>API-&amp;Schlüssel</translation>
    </message>
    <message>
        <source>Keep it for this &amp;session only: forgotten when the program ends</source>
        <translation>Nur für diese S&amp;itzung behalten: am Programmende vergessen</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>Test abbrechen</translation>
    </message>
    <message>
        <source>Paste the key first, or choose to go on without.</source>
        <translation>Fügen Sie zuerst den Schlüssel ein, oder wählen Sie „Ohne“.</translation>
    </message>
    <message>
        <source>Empty: the key it has stays</source>
        <translation>Leer: der vorhandene Schlüssel bleibt</translation>
    </message>
    <message>
        <source>Paste it here</source>
        <translation>Hier einfügen</translation>
    </message>
    <message>
        <source>It goes into this computer&apos;s keyring and is never shown again.</source>
        <translation>Er kommt in den Schlüsselbund dieses Computers und wird nie wieder angezeigt.</translation>
    </message>
    <message>
        <source>{sentence} Models it offers: {number}.</source>
        <translation>{sentence} Angebotene Modelle: {number}.</translation>
    </message>
    <message>
        <source>Testing: listing the models and showing it a picture</source>
        <translation>Test läuft: Modelle werden geholt, ein Bild wird gezeigt</translation>
    </message>
    <message>
        <source>The test was ended.</source>
        <translation>Der Test wurde beendet.</translation>
    </message>
</context>
<context>
    <name>AppDialog</name>
    <message>
        <source>Connect an app</source>
        <translation>Eine App verbinden</translation>
    </message>
    <message>
        <source>App</source>
        <translation>App</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>Schlüssel erzeugen</translation>
    </message>
    <message>
        <source>It is shown once, when it is made</source>
        <translation>Er wird einmal gezeigt, wenn er erzeugt wird</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Copy the key</source>
        <translation>Schlüssel kopieren</translation>
    </message>
    <message>
        <source>What the app is told</source>
        <translation>Was der App gesagt wird</translation>
    </message>
    <message>
        <source>Copy the lines</source>
        <translation>Zeilen kopieren</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt benutzt</translation>
    </message>
    <message>
        <source>Keys of apps</source>
        <translation>Schlüssel von Apps</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Programs can ask what your glasses see, or about a picture of their own.</source>
        <translation>Programme können fragen, was Ihre Brille sieht, oder nach einem eigenen Bild.</translation>
    </message>
    <message>
        <source>&amp;App</source>
        <translation>&amp;App</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>Name of the key</source>
        <translation>Name des Schlüssels</translation>
    </message>
    <message>
        <source>It needs a key that was made here just now.</source>
        <translation>Dazu braucht es einen Schlüssel, der gerade hier erzeugt wurde.</translation>
    </message>
    <message>
        <source>Asking {url}…</source>
        <translation>{url} wird gefragt …</translation>
    </message>
    <message>
        <source>It works: {app} is let in by this address and key.</source>
        <translation>Es geht: {app} kommt mit dieser Adresse und diesem Schlüssel herein.</translation>
    </message>
    <message>
        <source>Nothing answers at {url}: does the server run?</source>
        <translation>Unter {url} antwortet nichts: Läuft der Server?</translation>
    </message>
    <message>
        <source>This key is not let in: make a new one.</source>
        <translation>Dieser Schlüssel wird nicht eingelassen: Erzeugen Sie einen neuen.</translation>
    </message>
    <message>
        <source>This door is closed: switch it on above.</source>
        <translation>Diese Tür ist zu: Schalten Sie sie oben ein.</translation>
    </message>
    <message>
        <source>The server refused it, with status {status}.</source>
        <translation>Der Server hat es abgelehnt, mit Status {status}.</translation>
    </message>
    <message>
        <source>Admin Panel, Settings, Connections: add one under OpenAI API.</source>
        <translation>Administrationsbereich, Einstellungen, Verbindungen: Fügen Sie unter OpenAI-API eine hinzu.</translation>
    </message>
    <message>
        <source>Settings, Devices &amp; services, Add integration: Ollama.</source>
        <translation>Einstellungen, Geräte &amp; Dienste, Integration hinzufügen: Ollama.</translation>
    </message>
    <message>
        <source>In a terminal; add -a photo.jpg to ask about a picture of your own.</source>
        <translation>In einem Terminal; mit -a foto.jpg fragen Sie nach einem eigenen Bild.</translation>
    </message>
    <message>
        <source>In a terminal.</source>
        <translation>In einem Terminal.</translation>
    </message>
    <message>
        <source>In its settings: a custom provider that speaks to OpenAI.</source>
        <translation>In ihren Einstellungen: ein eigener Anbieter, der OpenAI spricht.</translation>
    </message>
    <message>
        <source>In the Even app, Add Agent: address and token.</source>
        <translation>In der Even-App, Add Agent: Adresse und Token.</translation>
    </message>
</context>
<context>
    <name>AttemptCard</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
</context>
<context>
    <name>Background</name>
    <message>
        <source>The glasses still get their answers. Quit is in the menu of this icon.</source>
        <translation>Die Brille bekommt weiter Antworten. Beenden steht im Menü dieses Symbols.</translation>
    </message>
    <message>
        <source>Frame Backend goes on here</source>
        <translation>Frame Backend läuft hier weiter</translation>
    </message>
    <message>
        <source>Until {time} the glasses get no answers.</source>
        <translation>Bis {time} bekommt die Brille keine Antworten.</translation>
    </message>
    <message>
        <source>Answer again now</source>
        <translation>Jetzt wieder antworten</translation>
    </message>
</context>
<context>
    <name>BlacklistTab</name>
    <message>
        <source>Blacklist</source>
        <translation>Sperrliste</translation>
    </message>
    <message>
        <source>Address or range</source>
        <translation>Adresse oder Bereich</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Blocked addresses</source>
        <translation>Gesperrte Adressen</translation>
    </message>
    <message>
        <source>Block an address</source>
        <translation>Adresse sperren</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Nobody is blocked</source>
        <translation>Niemand ist gesperrt</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>wrong keys: pairing closed</source>
        <translation>falsche Schlüssel: Kopplung gesperrt</translation>
    </message>
    <message>
        <source>wrong keys: pairing closed until {time}</source>
        <translation>falsche Schlüssel: Kopplung gesperrt bis {time}</translation>
    </message>
    <message>
        <source>{address} was removed: it gets answers again.</source>
        <translation>{address} wurde entfernt: Es gibt wieder Antworten.</translation>
    </message>
    <message>
        <source>{address} was removed: it may pair again.</source>
        <translation>{address} wurde entfernt: Sie darf sich wieder koppeln.</translation>
    </message>
    <message>
        <source>Import addresses to block</source>
        <translation>Zu sperrende Adressen importieren</translation>
    </message>
    <message>
        <source>The file could not be read: {why}.</source>
        <translation>Die Datei konnte nicht gelesen werden: {why}.</translation>
    </message>
    <message>
        <source>{file} is too long for a list of addresses: at most {most} lines are read.</source>
        <translation>{file} ist zu lang für eine Adressliste: Höchstens {most} Zeilen werden gelesen.</translation>
    </message>
    <message>
        <source>Line {number}: {why}</source>
        <translation>Zeile {number}: {why}</translation>
    </message>
    <message>
        <source>Text files (*.txt)</source>
        <translation>Textdateien (*.txt)</translation>
    </message>
    <message>
        <source>{file}: {added} blocked, {known} were blocked already, {wrong} not understood.</source>
        <translation>{file}: {added} gesperrt, {known} waren schon gesperrt, {wrong} nicht verstanden.</translation>
    </message>
    <message>
        <source>An address on this list gets no answer. After many wrong keys the program adds one by itself: for an hour it cannot pair. This computer&apos;s own is never blocked.</source>
        <translation>Eine Adresse auf dieser Liste bekommt keine Antwort. Nach vielen falschen Schlüsseln trägt das Programm selbst eine ein: Eine Stunde lang kann sie sich nicht koppeln. Die dieses Computers wird nie gesperrt.</translation>
    </message>
    <message>
        <source>Blocked by hand: no answer, whatever key is sent. Automatic: keys alone are refused for an hour, glasses that are paired go on; Remove ends it at once.</source>
        <translation>Von Hand gesperrt: keine Antwort, welcher Schlüssel auch kommt. Automatisch: Eine Stunde lang werden nur Schlüssel abgewiesen, gekoppelte Brillen laufen weiter; Entfernen beendet das sofort.</translation>
    </message>
    <message>
        <source>Careful, paired devices are among them: {devices}.</source>
        <translation>Vorsicht, gekoppelte Geräte sind darunter: {devices}.</translation>
    </message>
    <message>
        <source>Export the blacklist</source>
        <translation>Sperrliste exportieren</translation>
    </message>
    <message>
        <source>{number} addresses were written to {file}.</source>
        <translation>{number} Adressen wurden in {file} geschrieben.</translation>
    </message>
</context>
<context>
    <name>BlockAddress</name>
    <message>
        <source>Block an address</source>
        <translation>Adresse sperren</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>192.168.1.23, or a range: 192.168.1.0/24</source>
        <translation>192.168.1.23, oder ein Bereich: 192.168.1.0/24</translation>
    </message>
    <message>
        <source>For yourself; may stay empty</source>
        <translation>Für Sie selbst; darf leer bleiben</translation>
    </message>
    <message>
        <source>For good</source>
        <translation>Für immer</translation>
    </message>
    <message>
        <source>One hour</source>
        <translation>Eine Stunde</translation>
    </message>
    <message>
        <source>One day</source>
        <translation>Einen Tag</translation>
    </message>
    <message>
        <source>One week</source>
        <translation>Eine Woche</translation>
    </message>
    <message>
        <source>&amp;Address or range</source>
        <translation>&amp;Adresse oder Bereich</translation>
    </message>
    <message>
        <source>&amp;How long</source>
        <translation>&amp;Wie lange</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Grund</translation>
    </message>
    <message>
        <source>Paired with this computer: {devices}. These glasses would get no answer any more.</source>
        <translation>Mit diesem Computer gekoppelt: {devices}. Diese Brille bekäme keine Antwort mehr.</translation>
    </message>
    <message>
        <source>Block all the same</source>
        <translation>Trotzdem sperren</translation>
    </message>
    <message>
        <source>A reason has at most {most} characters, this one {number}.</source>
        <translation>Ein Grund hat höchstens {most} Zeichen, dieser {number}.</translation>
    </message>
</context>
<context>
    <name>ChainEditor</name>
    <message>
        <source>Asks in this order</source>
        <translation>Fragt in dieser Reihenfolge</translation>
    </message>
    <message>
        <source>Providers in the order they are asked</source>
        <translation>Anbieter in der Reihenfolge, in der sie gefragt werden</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>The order and the ticks</source>
        <translation>Reihenfolge und Haken</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Ask everybody, in the order of the Providers tab</source>
        <translation>Alle fragen, in der Reihenfolge des Reiters Anbieter</translation>
    </message>
    <message>
        <source>The usual order: every provider that is on, as in the Providers tab.</source>
        <translation>Die übliche Reihenfolge: jeder eingeschaltete Anbieter, wie im Reiter Anbieter.</translation>
    </message>
    <message>
        <source>This profile&apos;s own order: only those ticked are asked, from the top.</source>
        <translation>Die eigene Reihenfolge dieses Profils: Nur die mit Haken werden gefragt, von oben an.</translation>
    </message>
</context>
<context>
    <name>ChartLegend</name>
    <message>
        <source>What the lines and marks mean</source>
        <translation>Was die Linien und Zeichen bedeuten</translation>
    </message>
</context>
<context>
    <name>ChooseAi</name>
    <message>
        <source>Add an AI</source>
        <translation>KI hinzufügen</translation>
    </message>
    <message>
        <source>Set key</source>
        <translation>Eintragen</translation>
    </message>
    <message>
        <source>Set the key of {vendor}</source>
        <translation>Schlüssel für {vendor} setzen</translation>
    </message>
    <message>
        <source>An AI describes what the glasses see, and needs a key.</source>
        <translation>Eine KI beschreibt, was die Brille sieht, und braucht einen Schlüssel.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ConnectDialog</name>
    <message>
        <source>Connect a phone</source>
        <translation>Telefon verbinden</translation>
    </message>
    <message>
        <source>Connect an app</source>
        <translation>Eine App verbinden</translation>
    </message>
    <message>
        <source>Every phone must be told the new address.</source>
        <translation>Jedes Telefon muss die neue Adresse bekommen.</translation>
    </message>
    <message>
        <source>Put these into the phone app&apos;s settings.</source>
        <translation>Tragen Sie dies in die Einstellungen der Telefon-App ein.</translation>
    </message>
</context>
<context>
    <name>ConnectPanel</name>
    <message>
        <source>My phone cannot reach it</source>
        <translation>Mein Telefon erreicht es nicht</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Username</source>
        <translation>Benutzername</translation>
    </message>
    <message>
        <source>Auth key</source>
        <translation>Zugangsschlüssel</translation>
    </message>
    <message>
        <source>The server does not run: no phone reaches it now.</source>
        <translation>Der Server läuft nicht: Kein Telefon erreicht ihn jetzt.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Only this computer can connect.</source>
        <translation>Nur dieser Computer kann sich verbinden.</translation>
    </message>
    <message>
        <source>Let devices on my network connect</source>
        <translation>Geräte in meinem Netz zulassen</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Copy the username</source>
        <translation>Benutzernamen kopieren</translation>
    </message>
    <message>
        <source>Copy the auth key</source>
        <translation>Zugangsschlüssel kopieren</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Scan it, then tap once</source>
        <translation>Scannen, dann antippen</translation>
    </message>
    <message>
        <source>Shown this once: write it into the phone now.</source>
        <translation>Nur dieses eine Mal zu sehen: Tragen Sie ihn jetzt ins Telefon ein.</translation>
    </message>
    <message>
        <source>It was shown once, when it was made; a new one replaces it.</source>
        <translation>Er war einmal zu sehen, als er gemacht wurde; ein neuer ersetzt ihn.</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>CopyTextButton</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>CorrectionField</name>
    <message>
        <source>What the answer should have been</source>
        <translation>Was die Antwort hätte sein sollen</translation>
    </message>
    <message>
        <source>What it should have said; empty takes the correction away</source>
        <translation>Was es hätte sagen sollen; leer nimmt die Berichtigung zurück</translation>
    </message>
    <message>
        <source>Keep correction</source>
        <translation>Berichtigung behalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>CrashHandler</name>
    <message>
        <source>Something went wrong inside the program. The log has the details.</source>
        <translation>Im Programm ist etwas schiefgegangen. Einzelheiten stehen im Protokoll.</translation>
    </message>
</context>
<context>
    <name>DamageBox</name>
    <message>
        <source>The database file is damaged.</source>
        <translation>Die Datenbankdatei ist beschädigt.</translation>
    </message>
    <message>
        <source>It is kept under another name, whatever you choose. An empty history has no profiles, and the pictures of the old one are deleted.</source>
        <translation>Sie bleibt unter anderem Namen erhalten, was Sie auch wählen. Ein leerer Verlauf hat keine Profile, und die Fotos des alten werden gelöscht.</translation>
    </message>
    <message>
        <source>Restore the backup of {date}</source>
        <translation>Die Sicherung vom {date} zurückholen</translation>
    </message>
    <message>
        <source>Start with an empty history</source>
        <translation>Mit leerem Verlauf beginnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>DataCard</name>
    <message>
        <source>Back up</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sicherung</translation>
    </message>
    <message>
        <source>One file with profiles, settings, history and pictures. Keys are never in it.</source>
        <translation>Eine Datei mit Profilen, Einstellungen, Verlauf und Fotos. Schlüssel stehen nie darin.</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>Aus einer Sicherung</translation>
    </message>
    <message>
        <source>Puts a backup in the place of all that is here; the program opens again by itself.</source>
        <translation>Setzt eine Sicherung an die Stelle von allem, was hier ist; das Programm öffnet sich von selbst wieder.</translation>
    </message>
    <message>
        <source>From the older AI server</source>
        <translation>Vom älteren KI-Server</translation>
    </message>
    <message>
        <source>Takes over the profiles, history, blacklist and keys of its ai_server.db.</source>
        <translation>Übernimmt Profile, Verlauf, Sperrliste und Schlüssel aus dessen ai_server.db.</translation>
    </message>
    <message>
        <source>Back up to</source>
        <translation>Sichern nach</translation>
    </message>
    <message>
        <source>Backups (*.zip)</source>
        <translation>Sicherungen (*.zip)</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>{file} wird geschrieben</translation>
    </message>
    <message>
        <source>The backup was cancelled: no file was written.</source>
        <translation>Die Sicherung wurde abgebrochen: Es wurde keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>Written to {file}: {size}, pictures: {pictures}. Your keys are not in it; keep the file where only you can read it.</source>
        <translation>In {file} geschrieben: {size}, Fotos: {pictures}. Ihre Schlüssel stehen nicht darin; heben Sie die Datei dort auf, wo nur Sie sie lesen können.</translation>
    </message>
</context>
<context>
    <name>DeleteFrames</name>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>They cannot be brought back.</source>
        <translation>Sie lassen sich nicht zurückholen.</translation>
    </message>
    <message>
        <source>How many are deleted</source>
        <translation>Wie viele gelöscht werden</translation>
    </message>
    <message>
        <source>Delete the shown frames</source>
        <translation>Die gezeigten Bilder löschen</translation>
    </message>
    <message>
        <source>Delete a day</source>
        <translation>Einen Tag löschen</translation>
    </message>
    <message>
        <source>Delete everything of a profile</source>
        <translation>Alles von einem Profil löschen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>All profiles</source>
        <translation>Alle Profile</translation>
    </message>
    <message>
        <source>&amp;Day</source>
        <translation>&amp;Tag</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Zählen…</translation>
    </message>
    <message>
        <source>There is no profile.</source>
        <translation>Es gibt kein Profil.</translation>
    </message>
    <message>
        <source>There is nothing to delete.</source>
        <translation>Es gibt nichts zu löschen.</translation>
    </message>
    <message>
        <source>{frames}, {size}, with their pictures and marks.</source>
        <translation>{frames}, {size}, samt Fotos und Markierungen.</translation>
    </message>
    <message>
        <source>Favourites among them go too: {number}.</source>
        <translation>Auch Favoriten darunter gehen verloren: {number}.</translation>
    </message>
    <message>
        <source>Deleted: {frames}, {size}.</source>
        <translation>Gelöscht: {frames}, {size}.</translation>
    </message>
</context>
<context>
    <name>DeleteProfile</name>
    <message>
        <source>Delete {name}?</source>
        <translation>{name} löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Its key stops working at once. You can undo that for a minute; then this goes for good:</source>
        <translation>Der Schlüssel gilt sofort nicht mehr. Eine Minute lang lässt sich das rückgängig machen; dann ist dies für immer weg:</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>On disk, with the pictures</source>
        <translation>Auf der Platte, mit den Fotos</translation>
    </message>
    <message>
        <source>Paired devices</source>
        <translation>Gekoppelte Geräte</translation>
    </message>
    <message>
        <source>API keys of its own</source>
        <translation>Eigene API-Schlüssel</translation>
    </message>
</context>
<context>
    <name>Dialog</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>DisplayPreview</name>
    <message>
        <source>On the glasses</source>
        <translation>In der Brille</translation>
    </message>
</context>
<context>
    <name>ExportBar</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ExportController</name>
    <message>
        <source>Spreadsheets (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Web pages (*.html)</source>
        <translation>Webseiten (*.html)</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Export frames</source>
        <translation>Bilder exportieren</translation>
    </message>
    <message>
        <source>all profiles</source>
        <translation>alle Profile</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>seit {time}</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>bis {time}</translation>
    </message>
    <message>
        <source>with “{text}”</source>
        <translation>mit „{text}“</translation>
    </message>
    <message>
        <source>favourites</source>
        <translation>Favoriten</translation>
    </message>
    <message>
        <source>thumbs up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>thumbs down</source>
        <translation>Daumen runter</translation>
    </message>
    <message>
        <source>Made {time}.</source>
        <translation>Erstellt {time}.</translation>
    </message>
    <message>
        <source>Writing {file}</source>
        <translation>{file} wird geschrieben</translation>
    </message>
    <message>
        <source>The export was cancelled: no file was written.</source>
        <translation>Der Export wurde abgebrochen: Es wurde keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>Written to {file}: {frames}.</source>
        <translation>In {file} geschrieben: {frames}.</translation>
    </message>
    <message>
        <source>A PDF takes the newest {most} alone; CSV and HTML take all.</source>
        <translation>Ein PDF nimmt nur die neuesten {most}; CSV und HTML nehmen alle.</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
    <message>
        <source>Reused</source>
        <translation>Wiederverwendet</translation>
    </message>
    <message>
        <source>Median time</source>
        <translation>Mittlere Dauer</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>Beantwortet von</translation>
    </message>
    <message>
        <source>How they ended</source>
        <translation>Wie sie endeten</translation>
    </message>
    <message>
        <source>Busiest hours</source>
        <translation>Stunden mit den meisten</translation>
    </message>
    <message>
        <source>in the newest {number}</source>
        <translation>in den neuesten {number}</translation>
    </message>
    <message>
        <source>All these figures are of the newest {number} frames: to look through all would take seconds.</source>
        <translation>Alle diese Zahlen gelten für die neuesten {number} Bilder: alle durchzusehen würde Sekunden dauern.</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>frame to answer</source>
        <translation>Bild bis Antwort</translation>
    </message>
    <message>
        <source>Second AI asked</source>
        <translation>Mit zweiter KI</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>today {cost}</source>
        <translation>heute {cost}</translation>
    </message>
    <message>
        <source>{frames} without a price</source>
        <translation>{frames} ohne Preis</translation>
    </message>
    <message>
        <source>The price of a model they asked is not known: it can be set in Providers.</source>
        <translation>Der Preis eines gefragten Modells ist unbekannt: Er lässt sich unter Anbieter eintragen.</translation>
    </message>
    <message>
        <source>Nothing was paid, as far as is known</source>
        <translation>Soweit bekannt, wurde nichts bezahlt</translation>
    </message>
</context>
<context>
    <name>FilmStrip</name>
    <message>
        <source>Last frames</source>
        <translation>Letzte Bilder</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this tab</source>
        <translation>In diesem Reiter suchen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>There is no list to look through in this tab.</source>
        <translation>In diesem Reiter gibt es keine Liste zum Durchsuchen.</translation>
    </message>
    <message>
        <source>{shown} of {total}</source>
        <translation>{shown} von {total}</translation>
    </message>
    <message>
        <source>None of {total}</source>
        <translation>Keine von {total}</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>Set up Frame Backend</source>
        <translation>Frame Backend einrichten</translation>
    </message>
    <message>
        <source>Set up &amp;later</source>
        <translation>S&amp;päter einrichten</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Skip this step</source>
        <translation>Schritt ü&amp;berspringen</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Step {number} of {total}</source>
        <translation>Schritt {number} von {total}</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>&amp;Fertig</translation>
    </message>
</context>
<context>
    <name>FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>FrameInspector</name>
    <message>
        <source>Newer frame (Page Up)</source>
        <translation>Neueres Bild (Bild auf)</translation>
    </message>
    <message>
        <source>Older frame (Page Down)</source>
        <translation>Älteres Bild (Bild ab)</translation>
    </message>
    <message>
        <source>Close (Escape)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Thumb up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>Thumb down</source>
        <translation>Daumen runter</translation>
    </message>
    <message>
        <source>Correct it…</source>
        <translation>Berichtigen…</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Foto speichern</translation>
    </message>
    <message>
        <source>Never cleaned up (F)</source>
        <translation>Nie aufräumen (F)</translation>
    </message>
    <message>
        <source>A good answer (+)</source>
        <translation>Eine gute Antwort (+)</translation>
    </message>
    <message>
        <source>A bad answer (-)</source>
        <translation>Eine schlechte Antwort (-)</translation>
    </message>
    <message>
        <source>Say what the answer should have been (C)</source>
        <translation>Sagen, was die Antwort hätte sein sollen (C)</translation>
    </message>
    <message>
        <source>This frame was deleted.</source>
        <translation>Dieses Bild wurde gelöscht.</translation>
    </message>
    <message>
        <source>{name}, {time}</source>
        <translation>{name}, {time}</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Foto speichern</translation>
    </message>
    <message>
        <source>Pictures (*.jpg)</source>
        <translation>Bilder (*.jpg)</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Gespeichert als {file}.</translation>
    </message>
</context>
<context>
    <name>FrameList</name>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>No favourite any more</source>
        <translation>Kein Favorit mehr</translation>
    </message>
    <message>
        <source>Favourite: never cleaned up</source>
        <translation>Favorit: nie aufräumen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Thumb up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>Thumb down</source>
        <translation>Daumen runter</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Block this device…</source>
        <translation>Dieses Gerät sperren…</translation>
    </message>
</context>
<context>
    <name>FramePage</name>
    <message>
        <source>The picture</source>
        <translation>Das Foto</translation>
    </message>
    <message>
        <source>The whole answer</source>
        <translation>Die ganze Antwort</translation>
    </message>
    <message>
        <source>Corrected by hand</source>
        <translation>Von Hand berichtigt</translation>
    </message>
    <message>
        <source>Who was asked</source>
        <translation>Wer gefragt wurde</translation>
    </message>
    <message>
        <source>No answer ({how}): {sentence}</source>
        <translation>Keine Antwort ({how}): {sentence}</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>diesem Computer</translation>
    </message>
    <message>
        <source>Answered by {provider} ({how}), {percent}, in {time}</source>
        <translation>Beantwortet von {provider} ({how}), {percent}, in {time}</translation>
    </message>
    <message>
        <source>Answered by {provider} ({how}), in {time}</source>
        <translation>Beantwortet von {provider} ({how}), in {time}</translation>
    </message>
    <message>
        <source>{text}; reused from a moment before</source>
        <translation>{text}; von einem Moment zuvor übernommen</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Device: {device}   Cost: {cost}</source>
        <translation>Gerät: {device}   Kosten: {cost}</translation>
    </message>
    <message>
        <source>{facts}   Door: {door}</source>
        <translation>{facts}   Tür: {door}</translation>
    </message>
    <message>
        <source>The picture was sent to no AI.</source>
        <translation>Das Foto wurde an keine KI gesendet.</translation>
    </message>
    <message>
        <source>The picture was sent to {names}</source>
        <translation>Das Foto wurde gesendet an {names}</translation>
    </message>
    <message>
        <source>{text}: {width} × {height} pixels, {size}</source>
        <translation>{text}: {width} × {height} Pixel, {size}</translation>
    </message>
    <message>
        <source>{text}, {faces}</source>
        <translation>{text}, {faces}</translation>
    </message>
    <message>
        <source>The question</source>
        <translation>Die Frage</translation>
    </message>
</context>
<context>
    <name>HourBar</name>
    <message>
        <source>{begin}:00 to {end}:00: {frames}</source>
        <translation>{begin}:00 bis {end}:00: {frames}</translation>
    </message>
</context>
<context>
    <name>ImportOld</name>
    <message>
        <source>Import from the older AI server</source>
        <translation>Vom älteren KI-Server importieren</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>How many frames came over</source>
        <translation>Wie viele Bilder übernommen sind</translation>
    </message>
    <message>
        <source>Profiles, history with its pictures, blacklist and API keys are taken over. What is here already stays as it is; the old files are read, never changed. It can be done again.</source>
        <translation>Profile, Verlauf samt Fotos, Sperrliste und API-Schlüssel werden übernommen. Was schon hier ist, bleibt, wie es ist; die alten Dateien werden gelesen, nie verändert. Es lässt sich wiederholen.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>The server stops meanwhile: glasses get no answer. It starts again afterwards.</source>
        <translation>Der Server hält solange an: Brillen bekommen keine Antwort. Danach startet er wieder.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>There is no {file} in that folder.</source>
        <translation>In diesem Ordner gibt es keine {file}.</translation>
    </message>
    <message>
        <source>The server finishes its frames and stops…</source>
        <translation>Der Server beantwortet noch seine Bilder und hält an…</translation>
    </message>
    <message>
        <source>Taking over profiles and keys…</source>
        <translation>Profile und Schlüssel werden übernommen…</translation>
    </message>
    <message>
        <source>Frames taken over: {done} of {total}</source>
        <translation>Übernommene Bilder: {done} von {total}</translation>
    </message>
</context>
<context>
    <name>ImportedOld</name>
    <message>
        <source>Taken over from the older AI server</source>
        <translation>Vom älteren KI-Server übernommen</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>Here already</source>
        <translation>Schon hier</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Blocked addresses</source>
        <translation>Gesperrte Adressen</translation>
    </message>
    <message>
        <source>API keys</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>The old auth keys of these profiles could not be kept. Their new ones are shown this once: put them into the phone app&apos;s settings.</source>
        <translation>Die alten Zugangsschlüssel dieser Profile konnten nicht bleiben. Ihre neuen sind nur dieses eine Mal zu sehen: Tragen Sie sie in die Einstellungen der Telefon-App ein.</translation>
    </message>
    <message>
        <source>New auth key of {name}</source>
        <translation>Neuer Zugangsschlüssel von {name}</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>Kopieren: {what}</translation>
    </message>
    <message>
        <source>New auth keys</source>
        <translation>Neue Zugangsschlüssel</translation>
    </message>
    <message>
        <source>What was left out</source>
        <translation>Was ausgelassen wurde</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>Delete the old file now: it holds your keys in clear.</source>
        <translation>Löschen Sie jetzt die alte Datei: Sie enthält Ihre Schlüssel im Klartext.</translation>
    </message>
    <message>
        <source>One thing is left to do</source>
        <translation>Eines bleibt zu tun</translation>
    </message>
    <message>
        <source>The folder could not be opened here.</source>
        <translation>Der Ordner ließ sich hier nicht öffnen.</translation>
    </message>
</context>
<context>
    <name>KeyPanel</name>
    <message>
        <source>Whose key</source>
        <translation>Wessen Schlüssel</translation>
    </message>
    <message>
        <source>Set key</source>
        <translation>Eintragen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Testing: listing the models and showing it a picture</source>
        <translation>Test läuft: Modelle werden geholt, ein Bild wird gezeigt</translation>
    </message>
    <message>
        <source>The key for everybody</source>
        <translation>Der Schlüssel für alle</translation>
    </message>
    <message>
        <source>{name}&apos;s key</source>
        <translation>Schlüssel von {name}</translation>
    </message>
    <message>
        <source>State, key and test</source>
        <translation>Zustand, Schlüssel und Test</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
</context>
<context>
    <name>LastSeenLight</name>
    <message>
        <source>Phone: not heard yet</source>
        <translation>Telefon: noch nicht gehört</translation>
    </message>
    <message>
        <source>Phone heard {ago} from {address}</source>
        <translation>Telefon gehört {ago} von {address}</translation>
    </message>
    <message>
        <source>{number} s ago</source>
        <translation>vor {number} s</translation>
    </message>
    <message>
        <source>{number} min ago</source>
        <translation>vor {number} min</translation>
    </message>
    <message>
        <source>at {time}</source>
        <translation>um {time}</translation>
    </message>
</context>
<context>
    <name>LatencyChart</name>
    <message>
        <source>Latency over time; the table below says the same</source>
        <translation>Antwortzeit im Verlauf; die Tabelle darunter sagt dasselbe</translation>
    </message>
    <message>
        <source>half are quicker</source>
        <translation>die Hälfte ist schneller</translation>
    </message>
    <message>
        <source>95 % are quicker</source>
        <translation>95 % sind schneller</translation>
    </message>
</context>
<context>
    <name>LatencyTab</name>
    <message>
        <source>Latency</source>
        <translation>Antwortzeit</translation>
    </message>
    <message>
        <source>CSV…</source>
        <translation>CSV…</translation>
    </message>
    <message>
        <source>PNG…</source>
        <translation>PNG…</translation>
    </message>
    <message>
        <source>Look at Live</source>
        <translation>Zu Live</translation>
    </message>
    <message>
        <source>Reading the history…</source>
        <translation>Der Verlauf wird gelesen…</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Anbieter</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Half within</source>
        <translation>Hälfte in</translation>
    </message>
    <message>
        <source>95 % within</source>
        <translation>95 % in</translation>
    </message>
    <message>
        <source>Times are until the words are there; whole: until the end of replies whose words came first. Only calls that were answered count, at the time when their frame came in. This server: what a frame takes beside its calls, its wait for the frame before it included.</source>
        <translation>Zeiten gelten, bis die Worte da sind; ganz: bis zum Ende von Antworten, deren Worte zuerst kamen. Es zählen nur beantwortete Anfragen, zu der Zeit, als ihr Bild kam. Dieser Server: was ein Bild außer seinen Anfragen braucht, auch das Warten auf das Bild davor.</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Gescheitert</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Latency of each provider</source>
        <translation>Antwortzeit jedes Anbieters</translation>
    </message>
    <message>
        <source>15 minutes</source>
        <translation>15 Minuten</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 Stunde</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24 Stunden</translation>
    </message>
    <message>
        <source>3 days</source>
        <translation>3 Tage</translation>
    </message>
    <message>
        <source>Save the numbers as a table</source>
        <translation>Die Zahlen als Tabelle speichern</translation>
    </message>
    <message>
        <source>Save the chart as a picture</source>
        <translation>Das Diagramm als Bild speichern</translation>
    </message>
    <message>
        <source>No frame in the last {period}</source>
        <translation>Kein Bild in den letzten {period}</translation>
    </message>
    <message>
        <source>Choose a longer time above, or let the glasses send one: it appears here at once.</source>
        <translation>Wählen Sie oben einen längeren Zeitraum, oder lassen Sie die Brille eines senden: Es erscheint hier sofort.</translation>
    </message>
    <message>
        <source>Save the numbers</source>
        <translation>Zahlen speichern</translation>
    </message>
    <message>
        <source>Save the chart</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Gespeichert als {file}.</translation>
    </message>
</context>
<context>
    <name>LeaveKeys</name>
    <message>
        <source>Close without the key?</source>
        <translation>Ohne den Schlüssel schließen?</translation>
    </message>
    <message>
        <source>Close all the same</source>
        <translation>Trotzdem schließen</translation>
    </message>
    <message>
        <source>The new auth key of {names} was not copied yet, and is never shown again.</source>
        <translation>Der neue Zugangsschlüssel von {names} wurde noch nicht kopiert und wird nie wieder angezeigt.</translation>
    </message>
</context>
<context>
    <name>Libraries</name>
    <message>
        <source>Libraries and licences</source>
        <translation>Bibliotheken und Lizenzen</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>in its package</source>
        <translation>in ihrem Paket</translation>
    </message>
</context>
<context>
    <name>LimitRow</name>
    <message>
        <source>As for everybody: {label}</source>
        <translation>Wie für alle: {label}</translation>
    </message>
    <message>
        <source>as for everybody</source>
        <translation>wie für alle</translation>
    </message>
    <message>
        <source>its own; for everybody: {value}</source>
        <translation>eigener Wert; für alle: {value}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
</context>
<context>
    <name>ListBar</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>The list holds still while the pointer is on it; this shows what has come</source>
        <translation>Solange der Mauszeiger darauf steht, bleibt die Liste stehen; das zeigt, was dazugekommen ist</translation>
    </message>
    <message>
        <source>Show all frames again</source>
        <translation>Wieder alle Bilder zeigen</translation>
    </message>
    <message>
        <source>{count} or more new</source>
        <translation>{count} oder mehr neue</translation>
    </message>
    <message>
        <source>{count} new</source>
        <translation>{count} neue</translation>
    </message>
    <message>
        <source>{frames}, newest first</source>
        <translation>{frames}, neueste zuerst</translation>
    </message>
    <message>
        <source>more than {frames}, newest first</source>
        <translation>mehr als {frames}, neueste zuerst</translation>
    </message>
    <message>
        <source>Shown:</source>
        <translation>Gezeigt:</translation>
    </message>
    <message>
        <source>{filter}: show all frames again</source>
        <translation>{filter}: wieder alle Bilder zeigen</translation>
    </message>
    <message>
        <source>Spreadsheet (CSV)…</source>
        <translation>Tabelle (CSV)…</translation>
    </message>
    <message>
        <source>Web page (HTML)…</source>
        <translation>Webseite (HTML)…</translation>
    </message>
    <message>
        <source>PDF…</source>
        <translation>PDF…</translation>
    </message>
    <message>
        <source>The shown frames…</source>
        <translation>Die gezeigten Bilder…</translation>
    </message>
    <message>
        <source>A day…</source>
        <translation>Einen Tag…</translation>
    </message>
    <message>
        <source>Everything of a profile…</source>
        <translation>Alles von einem Profil…</translation>
    </message>
</context>
<context>
    <name>ListField</name>
    <message>
        <source>One more</source>
        <translation>Noch eines</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove {what}</source>
        <translation>{what} entfernen</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not right: {why}.</source>
        <translation>„{text}“ stimmt nicht: {why}.</translation>
    </message>
</context>
<context>
    <name>LiveBar</name>
    <message>
        <source>Try a picture…</source>
        <translation>Bild probieren…</translation>
    </message>
    <message>
        <source>Every AI is shown it. You can also drop a picture here, or paste one.</source>
        <translation>Jede KI bekommt es gezeigt. Ein Bild lässt sich auch hierher ziehen oder einfügen.</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Shows what has come since</source>
        <translation>Zeigt, was seither kam</translation>
    </message>
    <message>
        <source>Hold still</source>
        <translation>Festhalten</translation>
    </message>
    <message>
        <source>Keeps what is shown. The glasses get their answers all the same.</source>
        <translation>Behält, was zu sehen ist. Die Brille bekommt ihre Antworten trotzdem.</translation>
    </message>
    <message>
        <source>Held still; the glasses get their answers. Since then: {count}</source>
        <translation>Festgehalten; die Brille bekommt ihre Antworten. Seitdem: {count}</translation>
    </message>
    <message>
        <source>Show pictures</source>
        <translation>Bilder zeigen</translation>
    </message>
    <message>
        <source>Blur pictures</source>
        <translation>Bilder verwischen</translation>
    </message>
    <message>
        <source>Pictures are blurred on this page; this is kept until you show them again</source>
        <translation>Die Bilder sind auf dieser Seite verwischt; das bleibt so, bis Sie sie wieder zeigen</translation>
    </message>
    <message>
        <source>For when others look on: no picture on this page can be made out</source>
        <translation>Wenn andere zusehen: Auf dieser Seite ist kein Bild zu erkennen</translation>
    </message>
</context>
<context>
    <name>LiveTab</name>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Nobody wears the glasses yet</source>
        <translation>Noch trägt niemand eine Brille</translation>
    </message>
    <message>
        <source>Add a profile for whoever wears them. Its name and key go into the phone app.</source>
        <translation>Legen Sie ein Profil für die Person an, die sie trägt. Name und Schlüssel kommen in die Telefon-App.</translation>
    </message>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>Waiting for the first frame. Start the server first.</source>
        <translation>Warten auf das erste Bild. Starten Sie zuerst den Server.</translation>
    </message>
    <message>
        <source>Waiting for the first frame.

In the phone app, set the address to {url} and the username to {name}, with the key of that profile.</source>
        <translation>Warten auf das erste Bild.

Stellen Sie in der Telefon-App die Adresse {url} und den Benutzernamen {name} ein, mit dem Schlüssel dieses Profils.</translation>
    </message>
    <message>
        <source>Add a profile first: a picture is tried with a profile&apos;s AIs and prompt.</source>
        <translation>Legen Sie zuerst ein Profil an: Ein Bild wird mit dessen KIs und Frage probiert.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
</context>
<context>
    <name>LocalCard</name>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>No, thanks</source>
        <translation>Nein, danke</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>{program} with {model} is on this computer. Use it?</source>
        <translation>{program} mit {model} ist auf diesem Computer. Verwenden?</translation>
    </message>
    <message>
        <source>Showing {model} a test picture. The first one takes longest: the model is loaded.</source>
        <translation>{model} bekommt ein Testbild gezeigt. Das erste dauert am längsten: Das Modell wird geladen.</translation>
    </message>
</context>
<context>
    <name>LogTab</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Which lines</source>
        <translation>Welche Zeilen</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors only</source>
        <translation>Nur Fehler</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>The selected lines, or all that are shown</source>
        <translation>Die gewählten Zeilen, sonst alle gezeigten</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Report a problem</source>
        <translation>Problem melden</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Hold still</source>
        <translation>Festhalten</translation>
    </message>
    <message>
        <source>Held still. Newer lines: {number}.</source>
        <translation>Festgehalten. Neuere Zeilen: {number}.</translation>
    </message>
    <message>
        <source>Lines shown: {number}</source>
        <translation>Gezeigte Zeilen: {number}</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
    <message>
        <source>Nothing was logged since the window opened.</source>
        <translation>Seit dem Öffnen des Fensters wurde nichts protokolliert.</translation>
    </message>
    <message>
        <source>No line matches the level and the search.</source>
        <translation>Keine Zeile passt zu Stufe und Suche.</translation>
    </message>
    <message>
        <source>Lines copied: {number}</source>
        <translation>Kopierte Zeilen: {number}</translation>
    </message>
    <message>
        <source>The folder could not be opened. It is {folder}</source>
        <translation>Der Ordner konnte nicht geöffnet werden. Es ist {folder}</translation>
    </message>
    <message>
        <source>{address} gets nothing from this computer any more.</source>
        <translation>{address} bekommt von diesem Computer nichts mehr.</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>Lines of the log</source>
        <translation>Zeilen des Protokolls</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Block {address}</source>
        <translation>{address} sperren</translation>
    </message>
</context>
<context>
    <name>LostKeys</name>
    <message>
        <source>The auth keys of these profiles do not count on this computer, give them new ones: {names}.</source>
        <translation>Die Zugangsschlüssel dieser Profile gelten auf diesem Computer nicht, geben Sie ihnen neue: {names}.</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Frame Backend</source>
        <translation>Frame Backend</translation>
    </message>
    <message>
        <source>Behind the scenes</source>
        <translation>Hinter den Kulissen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Appearance: light, dark or as the system</source>
        <translation>Aussehen: hell, dunkel oder wie das System</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>MqttPart</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Password at the broker</source>
        <translation>Passwort beim Broker</translation>
    </message>
    <message>
        <source>How it stands</source>
        <translation>Wie es steht</translation>
    </message>
    <message>
        <source>A password is kept.</source>
        <translation>Ein Passwort ist hinterlegt.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keines</translation>
    </message>
    <message>
        <source>Asking the broker…</source>
        <translation>Der Broker wird gefragt …</translation>
    </message>
</context>
<context>
    <name>NameOrKeyForm</name>
    <message>
        <source>Who wears the glasses?</source>
        <translation>Wer trägt die Brille?</translation>
    </message>
    <message>
        <source>Leave empty: one is made for you</source>
        <translation>Leer lassen: Es wird einer gemacht</translation>
    </message>
    <message>
        <source>Please mend what is told beside the fields.</source>
        <translation>Bitte beheben Sie, was neben den Feldern steht.</translation>
    </message>
</context>
<context>
    <name>NetworkPart</name>
    <message>
        <source>Restart the server now</source>
        <translation>Server jetzt neu starten</translation>
    </message>
    <message>
        <source>Show what to tell them</source>
        <translation>Zeigen, was sie brauchen</translation>
    </message>
    <message>
        <source>Let devices on my network connect</source>
        <translation>Geräte in meinem Netz zulassen</translation>
    </message>
    <message>
        <source>Off: only programs on this computer reach it.</source>
        <translation>Aus: Nur Programme auf diesem Computer erreichen ihn.</translation>
    </message>
    <message>
        <source>Every phone must be told the new address.</source>
        <translation>Jedes Telefon muss die neue Adresse bekommen.</translation>
    </message>
    <message>
        <source>It counts once the server starts again; then every phone must be told the new address.</source>
        <translation>Es gilt, sobald der Server neu startet; dann muss jedes Telefon die neue Adresse bekommen.</translation>
    </message>
    <message>
        <source>Address and port count from the server&apos;s next start.</source>
        <translation>Adresse und Port gelten ab dem nächsten Start des Servers.</translation>
    </message>
</context>
<context>
    <name>NetworkStep</name>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Let devices on my network connect?</source>
        <translation>Geräte in meinem Netz zulassen?</translation>
    </message>
    <message>
        <source>So that the phone can send what the glasses see to this computer.</source>
        <translation>Damit das Telefon an diesen Computer senden kann, was die Brille sieht.</translation>
    </message>
    <message>
        <source>&amp;Yes, let the phone on my network connect</source>
        <translation>&amp;Ja, das Telefon in meinem Netz zulassen</translation>
    </message>
    <message>
        <source>Off: only programs on this computer reach it, the phone does not.</source>
        <translation>Aus: Nur Programme auf diesem Computer erreichen es, das Telefon nicht.</translation>
    </message>
    <message>
        <source>&amp;Port</source>
        <translation>&amp;Port</translation>
    </message>
    <message>
        <source>Leave it as it is unless it is taken.</source>
        <translation>Lassen Sie ihn, wie er ist, außer er ist belegt.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Windows asks next whether the program may be reached. Choose &quot;Private networks&quot; and &quot;Allow&quot;.</source>
        <translation>Windows fragt gleich, ob das Programm erreichbar sein darf. Wählen Sie „Private Netzwerke“ und „Zulassen“.</translation>
    </message>
    <message>
        <source>The phone is given this address in the last step.</source>
        <translation>Das Telefon bekommt diese Adresse im letzten Schritt.</translation>
    </message>
    <message>
        <source>For programs on this computer.</source>
        <translation>Für Programme auf diesem Computer.</translation>
    </message>
    <message>
        <source>Use {port}</source>
        <translation>{port} nehmen</translation>
    </message>
    <message>
        <source>Ports below {least} belong to the system. Choose one from {least} to {most}.</source>
        <translation>Ports unter {least} gehören dem System. Wählen Sie einen von {least} bis {most}.</translation>
    </message>
    <message>
        <source>A port is a whole number from {least} to {most}.</source>
        <translation>Ein Port ist eine ganze Zahl von {least} bis {most}.</translation>
    </message>
</context>
<context>
    <name>NewKey</name>
    <message>
        <source>New key for {name}</source>
        <translation>Neuer Schlüssel für {name}</translation>
    </message>
    <message>
        <source>Make the new key</source>
        <translation>Neuen Schlüssel machen</translation>
    </message>
    <message>
        <source>The old key stops working at once, and every paired device must send the new one.</source>
        <translation>Der alte Schlüssel gilt sofort nicht mehr, und jedes gekoppelte Gerät muss den neuen senden.</translation>
    </message>
    <message>
        <source>Auth &amp;key</source>
        <translation>Zugangs&amp;schlüssel</translation>
    </message>
</context>
<context>
    <name>NoFrames</name>
    <message>
        <source>No frames yet</source>
        <translation>Noch keine Bilder</translation>
    </message>
    <message>
        <source>Add a profile for whoever wears the glasses. Its frames are kept here, with every answer.</source>
        <translation>Legen Sie ein Profil für die Person an, die die Brille trägt. Ihre Bilder stehen dann hier, mit jeder Antwort.</translation>
    </message>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>As soon as a phone sends one, it is kept here with every answer and what it cost.</source>
        <translation>Sobald ein Telefon eines schickt, steht es hier, mit jeder Antwort und den Kosten.</translation>
    </message>
    <message>
        <source>In the phone app, the address is {url}.</source>
        <translation>In der Telefon-App ist die Adresse {url}.</translation>
    </message>
    <message>
        <source>Go to Live</source>
        <translation>Zu Live</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>{address} wants to act as {name}.</source>
        <translation>{address} möchte als {name} auftreten.</translation>
    </message>
    <message>
        <source>{address} is not paired.</source>
        <translation>{address} ist nicht gekoppelt.</translation>
    </message>
    <message>
        <source>A new device</source>
        <translation>Ein neues Gerät</translation>
    </message>
    <message>
        <source>{address} tries out auth keys. It can be blocked under Blacklist.</source>
        <translation>{address} probiert Zugangsschlüssel aus. Unter Sperrliste lässt sie sich sperren.</translation>
    </message>
    <message>
        <source>Wrong keys</source>
        <translation>Falsche Schlüssel</translation>
    </message>
    <message>
        <source>{provider} is not asked</source>
        <translation>{provider} wird nicht gefragt</translation>
    </message>
    <message>
        <source>Look under Providers.</source>
        <translation>Sehen Sie unter Anbieter nach.</translation>
    </message>
    <message>
        <source>Replace key</source>
        <translation>Schlüssel ersetzen</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Today&apos;s limit of {cap} for {name} is reached. What costs nothing goes on.</source>
        <translation>Die heutige Grenze von {cap} für {name} ist erreicht. Was nichts kostet, läuft weiter.</translation>
    </message>
    <message>
        <source>Today&apos;s limit is reached</source>
        <translation>Die Tagesgrenze ist erreicht</translation>
    </message>
    <message>
        <source>{size} are left where pictures are kept.</source>
        <translation>Dort, wo die Bilder liegen, sind noch {size} frei.</translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation>Die Platte ist fast voll</translation>
    </message>
    <message>
        <source>{sentence} It is under Settings, New versions.</source>
        <translation>{sentence} Sie steht unter Einstellungen, Neue Versionen.</translation>
    </message>
</context>
<context>
    <name>OrderCard</name>
    <message>
        <source>Use the learned order</source>
        <translation>Gelernte Reihenfolge nutzen</translation>
    </message>
    <message>
        <source>Back to my order</source>
        <translation>Zurück zu meiner Reihenfolge</translation>
    </message>
    <message>
        <source>The learned order is in force.</source>
        <translation>Die gelernte Reihenfolge gilt.</translation>
    </message>
    <message>
        <source>With the learned order: {changes}.</source>
        <translation>Mit der gelernten Reihenfolge: {changes}.</translation>
    </message>
    <message>
        <source>{percent} cheaper</source>
        <translation>{percent} billiger</translation>
    </message>
    <message>
        <source>{percent} dearer</source>
        <translation>{percent} teurer</translation>
    </message>
    <message>
        <source>{percent} less often wrong</source>
        <translation>{percent} seltener falsch</translation>
    </message>
    <message>
        <source>{percent} more often wrong</source>
        <translation>{percent} öfter falsch</translation>
    </message>
    <message>
        <source>{percent} sooner</source>
        <translation>{percent} schneller</translation>
    </message>
    <message>
        <source>{percent} later</source>
        <translation>{percent} langsamer</translation>
    </message>
    <message>
        <source>Played over {frames} of your history, of which {labels} were judged.</source>
        <translation>Nachgespielt: {frames} aus Ihrem Verlauf, davon {labels} beurteilt.</translation>
    </message>
</context>
<context>
    <name>OrderList</name>
    <message>
        <source>Ask earlier</source>
        <translation>Früher fragen</translation>
    </message>
    <message>
        <source>Ask later</source>
        <translation>Später fragen</translation>
    </message>
    <message>
        <source>Ask earlier (Alt+Up)</source>
        <translation>Früher fragen (Alt+Pfeil hoch)</translation>
    </message>
    <message>
        <source>Ask later (Alt+Down)</source>
        <translation>Später fragen (Alt+Pfeil runter)</translation>
    </message>
</context>
<context>
    <name>PairingBanner</name>
    <message>
        <source>Profile of this device</source>
        <translation>Profil dieses Geräts</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Zulassen</translation>
    </message>
    <message>
        <source>Until you revoke it, under Profiles</source>
        <translation>Bis Sie es unter Profile widerrufen</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>This address gets no answer any more</source>
        <translation>Diese Adresse bekommt keine Antwort mehr</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Device {address} wants to act as {name}.</source>
        <translation>Das Gerät {address} möchte als {name} auftreten.</translation>
    </message>
    <message>
        <source>Device {address} wants to act as &apos;{name}&apos;, which is no profile here.</source>
        <translation>Das Gerät {address} möchte als „{name}“ auftreten, das ist hier kein Profil.</translation>
    </message>
    <message>
        <source>Device {address} sent a picture. Whose glasses are they?</source>
        <translation>Das Gerät {address} schickte ein Bild. Wessen Brille ist das?</translation>
    </message>
</context>
<context>
    <name>PairingController</name>
    <message>
        <source>Blocked when it asked to be paired</source>
        <translation>Gesperrt, als es um Kopplung bat</translation>
    </message>
</context>
<context>
    <name>PairingList</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Paired</source>
        <translation>Gekoppelt</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Paired devices</source>
        <translation>Gekoppelte Geräte</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Revoke all</source>
        <translation>Alle widerrufen</translation>
    </message>
    <message>
        <source>These addresses act as this profile without sending the key again.</source>
        <translation>Diese Adressen treten als dieses Profil auf, ohne den Schlüssel noch einmal zu senden.</translation>
    </message>
    <message>
        <source>None yet. A phone pairs itself when it sends the key, or you allow it when it asks.</source>
        <translation>Noch keine. Ein Telefon koppelt sich, wenn es den Schlüssel sendet, oder Sie lassen es zu, wenn es fragt.</translation>
    </message>
    <message>
        <source>you revoke it</source>
        <translation>Widerruf</translation>
    </message>
</context>
<context>
    <name>PathLine</name>
    <message>
        <source>How it was decided</source>
        <translation>Wie es entschieden wurde</translation>
    </message>
</context>
<context>
    <name>PhoneStep</name>
    <message>
        <source>Phone</source>
        <translation>Telefon</translation>
    </message>
    <message>
        <source>Connect the phone</source>
        <translation>Das Telefon verbinden</translation>
    </message>
    <message>
        <source>Scan the code with the phone, or type these three into its app. Then take a first picture.</source>
        <translation>Scannen Sie den Code mit dem Telefon, oder tippen Sie diese drei in seine App. Machen Sie dann ein erstes Bild.</translation>
    </message>
</context>
<context>
    <name>PriceDialog</name>
    <message>
        <source>Prices of models</source>
        <translation>Preise der Modelle</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>In</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Prices of models, US dollars per million tokens</source>
        <translation>Preise der Modelle, US-Dollar je Million Token</translation>
    </message>
    <message>
        <source>As the provider names it, such as gpt-6-luna</source>
        <translation>Wie der Anbieter es nennt, etwa gpt-6-luna</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <source>Save the price</source>
        <translation>Preis speichern</translation>
    </message>
    <message>
        <source>you</source>
        <translation>Ihnen</translation>
    </message>
    <message>
        <source>shipped</source>
        <translation>mitgeliefert</translation>
    </message>
    <message>
        <source>It will be your own price.</source>
        <translation>Es wird Ihr eigener Preis.</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>US dollars per
million tokens</source>
        <translation>US-Dollar je
Million Token</translation>
    </message>
    <message>
        <source>What a million tokens cost in US dollars. A dated form of a model, such as gpt-6-luna-2026-10-07, costs what the model does. Vendors change their prices: yours go before the shipped ones.</source>
        <translation>Was eine Million Token in US-Dollar kostet. Eine datierte Form eines Modells, etwa gpt-6-luna-2026-10-07, kostet so viel wie das Modell. Anbieter ändern ihre Preise: Ihre gehen den mitgelieferten vor.</translation>
    </message>
</context>
<context>
    <name>PriceRow</name>
    <message>
        <source>not known</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Price of input, US dollars per million tokens</source>
        <translation>Preis der Eingabe, US-Dollar je Million Token</translation>
    </message>
    <message>
        <source>Price of output, US dollars per million tokens</source>
        <translation>Preis der Ausgabe, US-Dollar je Million Token</translation>
    </message>
    <message>
        <source>Back to the shipped price</source>
        <translation>Zurück zum mitgelieferten Preis</translation>
    </message>
    <message>
        <source>Forget this price</source>
        <translation>Diesen Preis vergessen</translation>
    </message>
    <message>
        <source>Free: its calls cost nothing.</source>
        <translation>Kostenlos: Seine Anfragen kosten nichts.</translation>
    </message>
    <message>
        <source>Nobody knows its price: its calls are not counted in what was spent.</source>
        <translation>Sein Preis ist unbekannt: Seine Anfragen zählen nicht zu den Ausgaben.</translation>
    </message>
    <message>
        <source>Your own price, as of {date}.</source>
        <translation>Ihr eigener Preis, Stand {date}.</translation>
    </message>
    <message>
        <source>Shipped with the program, as of {date}.</source>
        <translation>Mitgeliefert, Stand {date}.</translation>
    </message>
    <message>
        <source>in</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>out</source>
        <translation>aus</translation>
    </message>
</context>
<context>
    <name>ProblemReport</name>
    <message>
        <source>Report a problem</source>
        <translation>Problem melden</translation>
    </message>
    <message>
        <source>This is all that the report tells; nothing is sent. Keys, names and folders are left out. Read it, take out what nobody should know, then save or copy it.</source>
        <translation>Das ist alles, was der Bericht sagt; nichts wird gesendet. Schlüssel, Namen und Ordner fehlen darin. Lesen Sie ihn, nehmen Sie heraus, was niemand wissen soll, und speichern oder kopieren Sie ihn.</translation>
    </message>
    <message>
        <source>The report</source>
        <translation>Der Bericht</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Text files (*.txt)</source>
        <translation>Textdateien (*.txt)</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Gespeichert als {file}.</translation>
    </message>
</context>
<context>
    <name>ProfileCard</name>
    <message>
        <source>Newest picture of {name}</source>
        <translation>Neuestes Bild von {name}</translation>
    </message>
    <message>
        <source>My phone cannot reach it</source>
        <translation>Mein Telefon erreicht es nicht</translation>
    </message>
    <message>
        <source>More about the answer</source>
        <translation>Mehr zur Antwort</translation>
    </message>
    <message>
        <source>seen here</source>
        <translation>hier gesehen</translation>
    </message>
    <message>
        <source>reused from a moment before</source>
        <translation>von eben wiederverwendet</translation>
    </message>
    <message>
        <source>through {door}</source>
        <translation>über {door}</translation>
    </message>
    <message>
        <source>looking</source>
        <translation>sieht nach</translation>
    </message>
    <message>
        <source>no frame yet</source>
        <translation>noch kein Bild</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>dieser Computer</translation>
    </message>
</context>
<context>
    <name>ProfileLimits</name>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Spent today: {spent}.</source>
        <translation>Heute ausgegeben: {spent}.</translation>
    </message>
    <message>
        <source>Spent today: {spent} of {cap}.</source>
        <translation>Heute ausgegeben: {spent} von {cap}.</translation>
    </message>
    <message>
        <source>Spent today: {spent}. The limit of {cap} is reached: only what is free is asked.</source>
        <translation>Heute ausgegeben: {spent}. Die Grenze von {cap} ist erreicht: Nur Kostenloses wird gefragt.</translation>
    </message>
</context>
<context>
    <name>ProfilesTab</name>
    <message>
        <source>Profiles</source>
        <translation>Profile</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Asks, in order</source>
        <translation>Fragt der Reihe nach</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Auf der Platte</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Nobody wears the glasses yet</source>
        <translation>Noch trägt niemand die Brille</translation>
    </message>
    <message>
        <source>A profile is a name and a key: the phone app sends both, and gets answers for whoever wears them.</source>
        <translation>Ein Profil ist ein Name und ein Schlüssel: Die Telefon-App sendet beides und bekommt Antworten für die Person, die die Brille trägt.</translation>
    </message>
    <message>
        <source>custom</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Its auth key is short, and could be guessed: give it a new one with “New key”.</source>
        <translation>Sein Schlüssel ist kurz und ließe sich erraten: Geben Sie ihm mit „Neuer Schlüssel“ einen neuen.</translation>
    </message>
    <message>
        <source>{name} was deleted. In a minute it is gone for good. Frames: {frames}, with pictures {size}; devices: {devices}; API keys: {keys}.</source>
        <translation>{name} wurde gelöscht. In einer Minute ist es endgültig. Bilder: {frames}, mit Fotos {size}; Geräte: {devices}; API-Schlüssel: {keys}.</translation>
    </message>
</context>
<context>
    <name>PromptEditor</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Ctrl+S</source>
        <translation>Strg+S</translation>
    </message>
    <message>
        <source>Revert</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>To what is saved</source>
        <translation>Zum Gespeicherten</translation>
    </message>
    <message>
        <source>Back to default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Prompt of {name}</source>
        <translation>Frage (Prompt) von {name}</translation>
    </message>
    <message>
        <source>{number} of {most} characters</source>
        <translation>{number} von {most} Zeichen</translation>
    </message>
    <message>
        <source>A prompt has at most {most} characters. Shorten it by {number} to save it.</source>
        <translation>Eine Frage hat höchstens {most} Zeichen. Kürzen Sie sie um {number}, um sie zu speichern.</translation>
    </message>
    <message>
        <source>Not saved yet. Meanwhile another prompt was saved: Revert shows it.</source>
        <translation>Noch nicht gespeichert. Inzwischen wurde eine andere Frage gespeichert: Zurücknehmen zeigt sie.</translation>
    </message>
    <message>
        <source>Not saved yet.</source>
        <translation>Noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>A prompt of its own is in force.</source>
        <translation>Eine eigene Frage gilt.</translation>
    </message>
    <message>
        <source>The default is in force: {prompt}</source>
        <translation>Es gilt der Standard: {prompt}</translation>
    </message>
    <message>
        <source>A prompt has at most {most} characters. What you pasted has {number}: it was not put in.</source>
        <translation>Eine Frage hat höchstens {most} Zeichen. Das Eingefügte hat {number}: Es wurde nicht übernommen.</translation>
    </message>
    <message>
        <source>The AIs are asked this about every frame, unless the phone sends a question of its own.</source>
        <translation>Das werden die KIs zu jedem Bild gefragt, außer das Telefon schickt eine eigene Frage mit.</translation>
    </message>
</context>
<context>
    <name>PromptLibrary</name>
    <message>
        <source>Templates</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>In place of the text beside</source>
        <translation>Anstelle des Textes daneben</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Into the text beside, where the cursor stands</source>
        <translation>In den Text daneben, wo der Cursor steht</translation>
    </message>
</context>
<context>
    <name>PromptTrial</name>
    <message>
        <source>Try on the last frame</source>
        <translation>Am letzten Bild probieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Asks every AI that is on, each once: that may cost something. Nothing is saved.</source>
        <translation>Fragt jede eingeschaltete KI einmal: Das kann etwas kosten. Nichts wird gespeichert.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
</context>
<context>
    <name>PromptsTab</name>
    <message>
        <source>Prompts</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Frage (Prompt)</translation>
    </message>
    <message>
        <source>Profiles and their prompts</source>
        <translation>Profile und ihre Fragen</translation>
    </message>
    <message>
        <source>Nobody to ask for yet</source>
        <translation>Noch niemand, für den gefragt wird</translation>
    </message>
    <message>
        <source>A prompt is what the AIs are asked about every frame. It belongs to a profile: add one first.</source>
        <translation>Eine Frage (Prompt) ist, was die KIs zu jedem Bild gefragt werden. Sie gehört zu einem Profil: Legen Sie zuerst eines an.</translation>
    </message>
    <message>
        <source>Add a profile</source>
        <translation>Profil anlegen</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>nicht gespeichert</translation>
    </message>
    <message>
        <source>custom</source>
        <translation>eigene</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>No picture of {name} is kept: let the phone send a frame first.</source>
        <translation>Von {name} ist kein Foto da: Lassen Sie zuerst das Telefon ein Bild senden.</translation>
    </message>
    <message>
        <source>On the frame of {moment}, as written above, saved or not.</source>
        <translation>Am Bild von {moment}, wie oben geschrieben, ob gespeichert oder nicht.</translation>
    </message>
</context>
<context>
    <name>ProviderForm</name>
    <message>
        <source>Requests a minute</source>
        <translation>Anfragen je Minute</translation>
    </message>
    <message>
        <source>Requests a day</source>
        <translation>Anfragen je Tag</translation>
    </message>
    <message>
        <source>Most to spend a day, in US dollars</source>
        <translation>Höchstens am Tag, in US-Dollar</translation>
    </message>
    <message>
        <source>This reader is part of the program: no key, no network, nothing to set.</source>
        <translation>Dieser Leser gehört zum Programm: kein Schlüssel, kein Netz, nichts einzustellen.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Free tier: {0} a minute, {1} a day</source>
        <translation>Kostenlos: {0} je Minute, {1} je Tag</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>keine Grenze</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>A&amp;ddress</source>
        <translation>A&amp;dresse</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>US dollars per
million tokens</source>
        <translation>US-Dollar je
Million Token</translation>
    </message>
    <message>
        <source>Daily &amp;limit,
US dollars</source>
        <translation>Tages&amp;grenze,
US-Dollar</translation>
    </message>
    <message>
        <source>a minute</source>
        <translation>je Minute</translation>
    </message>
    <message>
        <source>a day</source>
        <translation>je Tag</translation>
    </message>
</context>
<context>
    <name>ProviderRows</name>
    <message>
        <source>{calls}. It costs nothing.</source>
        <translation>{calls}. Es kostet nichts.</translation>
    </message>
    <message>
        <source>{calls}. Spent: {spent}.</source>
        <translation>{calls}. Ausgegeben: {spent}.</translation>
    </message>
    <message>
        <source>{calls}. Spent: {spent} of {cap}.</source>
        <translation>{calls}. Ausgegeben: {spent} von {cap}.</translation>
    </message>
    <message>
        <source>No key here. Elsewhere: {places}.</source>
        <translation>Hier kein Schlüssel. Anderswo: {places}.</translation>
    </message>
    <message>
        <source>No key.</source>
        <translation>Kein Schlüssel.</translation>
    </message>
    <message>
        <source>Without a key it is not asked.</source>
        <translation>Ohne Schlüssel wird hier nicht gefragt.</translation>
    </message>
    <message>
        <source>The key lies in this computer&apos;s keyring.</source>
        <translation>Der Schlüssel liegt im Schlüsselbund dieses Computers.</translation>
    </message>
    <message>
        <source>The key for everybody is used.</source>
        <translation>Der Schlüssel für alle wird benutzt.</translation>
    </message>
    <message>
        <source>until the program ends</source>
        <translation>bis zum Programmende</translation>
    </message>
    <message>
        <source>environment variable</source>
        <translation>Umgebungsvariable</translation>
    </message>
    <message>
        <source>The key is kept for this session only: it is forgotten when the program ends.</source>
        <translation>Der Schlüssel bleibt nur für diese Sitzung: Am Programmende wird er vergessen.</translation>
    </message>
    <message>
        <source>The key comes from an environment variable; it is changed there.</source>
        <translation>Der Schlüssel kommt aus einer Umgebungsvariablen; dort lässt er sich ändern.</translation>
    </message>
    <message>
        <source>Calls today: {calls}</source>
        <translation>Anfragen heute: {calls}</translation>
    </message>
    <message>
        <source>Calls today: {calls}, left: {left}</source>
        <translation>Anfragen heute: {calls}, übrig: {left}</translation>
    </message>
    <message>
        <source>{name}: {place}</source>
        <translation>{name}: {place}</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
</context>
<context>
    <name>ProviderStatus</name>
    <message>
        <source>Its key waits for the keyring</source>
        <translation>Sein Schlüssel wartet auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>Asks {model} instead of one that is gone: choose a model</source>
        <translation>Fragt {model} statt eines, das es nicht mehr gibt: Wählen Sie ein Modell</translation>
    </message>
    <message>
        <source>Today&apos;s requests are used up</source>
        <translation>Die Anfragen für heute sind verbraucht</translation>
    </message>
    <message>
        <source>Today&apos;s limit is reached: {amount} spent</source>
        <translation>Die Tagesgrenze ist erreicht: {amount} ausgegeben</translation>
    </message>
    <message>
        <source>No price is known: its daily limit cannot be kept</source>
        <translation>Kein Preis bekannt: Die Tagesgrenze ist nicht einzuhalten</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Kein Schlüssel</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Key refused</source>
        <translation>Schlüssel abgelehnt</translation>
    </message>
    <message>
        <source>No credit</source>
        <translation>Kein Guthaben</translation>
    </message>
    <message>
        <source>Takes no pictures</source>
        <translation>Nimmt keine Bilder</translation>
    </message>
    <message>
        <source>Not working</source>
        <translation>Geht nicht</translation>
    </message>
    <message>
        <source>{why} Tried again at {time}.</source>
        <translation>{why} Neuer Versuch um {time}.</translation>
    </message>
    <message>
        <source>{state} until {time}</source>
        <translation>{state} bis {time}</translation>
    </message>
</context>
<context>
    <name>ProvidersTab</name>
    <message>
        <source>Providers</source>
        <translation>Anbieter</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Anbieter</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Calls today</source>
        <translation>Heute gefragt</translation>
    </message>
    <message>
        <source>Spent</source>
        <translation>Ausgegeben</translation>
    </message>
    <message>
        <source>Providers, in the order they are asked</source>
        <translation>Anbieter, in der Reihenfolge, in der sie gefragt werden</translation>
    </message>
    <message>
        <source>Add a server of your own</source>
        <translation>Eigenen Server hinzufügen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>All prices</source>
        <translation>Alle Preise</translation>
    </message>
    <message>
        <source>Ask earlier</source>
        <translation>Früher fragen</translation>
    </message>
    <message>
        <source>Ask later</source>
        <translation>Später fragen</translation>
    </message>
    <message>
        <source>Default order</source>
        <translation>Übliche Reihenfolge</translation>
    </message>
    <message>
        <source>Models to choose from: {count}.</source>
        <translation>Modelle zur Auswahl: {count}.</translation>
    </message>
    <message>
        <source>It took {time}.</source>
        <translation>Es dauerte {time}.</translation>
    </message>
    <message>
        <source>It needs no key.</source>
        <translation>Es braucht keinen Schlüssel.</translation>
    </message>
</context>
<context>
    <name>QrCode</name>
    <message>
        <source>QR code: {text}</source>
        <translation>QR-Code: {text}</translation>
    </message>
</context>
<context>
    <name>ReachDialog</name>
    <message>
        <source>My phone cannot reach it</source>
        <translation>Mein Telefon erreicht es nicht</translation>
    </message>
    <message>
        <source>Last request heard</source>
        <translation>Letzte gehörte Anfrage</translation>
    </message>
    <message>
        <source>Guest networks, and routers with client isolation, keep devices apart. Use the main network for both.</source>
        <translation>Gastnetze und Router mit Client-Isolation trennen Geräte. Nehmen Sie für beide das Hauptnetz.</translation>
    </message>
    <message>
        <source>The server</source>
        <translation>Der Server</translation>
    </message>
    <message>
        <source>The same Wi-Fi</source>
        <translation>Dasselbe WLAN</translation>
    </message>
    <message>
        <source>No guest network</source>
        <translation>Kein Gastnetz</translation>
    </message>
    <message>
        <source>The firewall of this computer</source>
        <translation>Die Firewall dieses Computers</translation>
    </message>
    <message>
        <source>VPN</source>
        <translation>VPN</translation>
    </message>
    <message>
        <source>So the network is fine. If nothing comes back, look at the username and the auth key.</source>
        <translation>Das Netz ist also in Ordnung. Kommt nichts zurück, prüfen Sie Benutzername und Zugangsschlüssel.</translation>
    </message>
    <message>
        <source>Nothing has come from a phone since the program started. Try these, from the top:</source>
        <translation>Seit dem Programmstart kam nichts von einem Telefon. Probieren Sie dies, von oben an:</translation>
    </message>
    <message>
        <source>It does not run: press Start above the tabs.</source>
        <translation>Er läuft nicht: Drücken Sie Starten über den Reitern.</translation>
    </message>
    <message>
        <source>It is for this computer alone: let devices connect under Connect a phone.</source>
        <translation>Er ist nur für diesen Computer da: Lassen Sie Geräte zu, unter Telefon verbinden.</translation>
    </message>
    <message>
        <source>It runs and lets devices of the network connect.</source>
        <translation>Er läuft und lässt Geräte aus dem Netz zu.</translation>
    </message>
    <message>
        <source>Phone and computer must be in the same network; mobile data does not do.</source>
        <translation>Telefon und Computer müssen im selben Netz sein; mobile Daten genügen nicht.</translation>
    </message>
    <message>
        <source>Phone and computer must be in the same network ({network}); mobile data does not do. Open {url} in the phone&apos;s browser: when it says healthy, the phone reaches this computer.</source>
        <translation>Telefon und Computer müssen im selben Netz sein ({network}); mobile Daten genügen nicht. Öffnen Sie {url} im Browser des Telefons: Steht dort healthy, erreicht es diesen Computer.</translation>
    </message>
    <message>
        <source>Phone and computer must be in the same network; mobile data does not do. Open {url} in the phone&apos;s browser: when it says healthy, the phone reaches this computer.</source>
        <translation>Telefon und Computer müssen im selben Netz sein; mobile Daten genügen nicht. Öffnen Sie {url} im Browser des Telefons: Steht dort healthy, erreicht es diesen Computer.</translation>
    </message>
    <message>
        <source>It must let port {port} in. In PowerShell, started as administrator:</source>
        <translation>Sie muss Port {port} hereinlassen. In der PowerShell, als Administrator gestartet:</translation>
    </message>
    <message>
        <source>In System Settings, Network, Firewall, Options: allow incoming connections for Python.</source>
        <translation>In Systemeinstellungen, Netzwerk, Firewall, Optionen: eingehende Verbindungen für Python erlauben.</translation>
    </message>
    <message>
        <source>It must let port {port} in. In a terminal:</source>
        <translation>Sie muss Port {port} hereinlassen. In einem Terminal:</translation>
    </message>
    <message>
        <source>Neither ufw nor firewalld was found here. Another firewall must let TCP port {port} in.</source>
        <translation>Hier wurden weder ufw noch firewalld gefunden. Eine andere Firewall muss den TCP-Port {port} hereinlassen.</translation>
    </message>
    <message>
        <source>Line for {firewall}</source>
        <translation>Zeile für {firewall}</translation>
    </message>
    <message>
        <source>Copy the line for {firewall}</source>
        <translation>Zeile für {firewall} kopieren</translation>
    </message>
    <message>
        <source>This computer has one now ({adapters}). Switch it off for a test, and one on the phone too.</source>
        <translation>Dieser Computer hat jetzt eines ({adapters}). Schalten Sie es für einen Versuch aus, auch eines auf dem Telefon.</translation>
    </message>
    <message>
        <source>A VPN on the phone may keep it from the local network: switch it off for a test.</source>
        <translation>Ein VPN auf dem Telefon hält es womöglich vom lokalen Netz fern: Schalten Sie es für einen Versuch aus.</translation>
    </message>
</context>
<context>
    <name>ReliabilityCurve</name>
    <message>
        <source>How sure it said it was, and how often it was right</source>
        <translation>Wie sicher es sich nannte, und wie oft es recht hatte</translation>
    </message>
</context>
<context>
    <name>RenameProfile</name>
    <message>
        <source>Rename {name}</source>
        <translation>{name} umbenennen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>The phone must send the new name from then on. Key, paired devices and history stay.</source>
        <translation>Das Telefon muss von da an den neuen Namen senden. Schlüssel, gekoppelte Geräte und Verlauf bleiben.</translation>
    </message>
</context>
<context>
    <name>ReplaceFile</name>
    <message>
        <source>Replace the file?</source>
        <translation>Datei ersetzen?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>{file} is there already. What it holds would be gone.</source>
        <translation>{file} gibt es schon. Der Inhalt wäre verloren.</translation>
    </message>
</context>
<context>
    <name>RestoreBackup</name>
    <message>
        <source>Restore this backup?</source>
        <translation>Diese Sicherung zurückholen?</translation>
    </message>
    <message>
        <source>Replace everything</source>
        <translation>Alles ersetzen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>By version</source>
        <translation>Von Version</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Whom this computer asks and lets in stays as it is here. Tick what is to come over:</source>
        <translation>Wen dieser Computer fragt und einlässt, bleibt wie hier. Kreuzen Sie an, was übernommen werden soll:</translation>
    </message>
    <message>
        <source>as it comes</source>
        <translation>wie mitgeliefert</translation>
    </message>
    <message>
        <source>{what}: {there} (here: {here})</source>
        <translation>{what}: {there} (hier: {here})</translation>
    </message>
    <message>
        <source>A copy of the database alone: profiles, settings and history that are here now are replaced, the pictures stay. The old database is kept in the folder &apos;backups&apos;.</source>
        <translation>Eine Kopie der Datenbank allein: Profile, Einstellungen und Verlauf von jetzt werden ersetzt, die Fotos bleiben. Die alte Datenbank bleibt im Ordner &apos;backups&apos;.</translation>
    </message>
    <message>
        <source>Everything that is here now is replaced: profiles, settings, history, pictures. The old database is kept in the folder &apos;backups&apos;, the old pictures are deleted once the new data have started.</source>
        <translation>Alles, was jetzt hier ist, wird ersetzt: Profile, Einstellungen, Verlauf, Fotos. Die alte Datenbank bleibt im Ordner &apos;backups&apos;, die alten Fotos werden gelöscht, sobald die neuen Daten einmal gestartet sind.</translation>
    </message>
    <message>
        <source>The server stops, and the program opens again by itself. A backup holds no keys: API keys stay as they are on this computer, phones pair anew. On another computer each profile needs a new auth key.</source>
        <translation>Der Server hält an, und das Programm öffnet sich von selbst wieder. Eine Sicherung enthält keine Schlüssel: API-Schlüssel bleiben auf diesem Computer, wie sie sind, Telefone koppeln sich neu. Auf einem anderen Computer braucht jedes Profil einen neuen Zugangsschlüssel.</translation>
    </message>
</context>
<context>
    <name>Restoring</name>
    <message>
        <source>Restore a backup</source>
        <translation>Eine Sicherung zurückholen</translation>
    </message>
    <message>
        <source>The server finishes its frames and stops…</source>
        <translation>Der Server beantwortet noch seine Bilder und hält an…</translation>
    </message>
    <message>
        <source>How much is restored</source>
        <translation>Wie viel zurückgeholt ist</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Everything stays as it is…</source>
        <translation>Alles bleibt, wie es ist…</translation>
    </message>
    <message>
        <source>Reading {file}</source>
        <translation>{file} wird gelesen</translation>
    </message>
    <message>
        <source>Putting it into place…</source>
        <translation>Wird an seinen Platz gebracht…</translation>
    </message>
</context>
<context>
    <name>RetentionPart</name>
    <message>
        <source>What would go</source>
        <translation>Was wegfiele</translation>
    </message>
    <message>
        <source>Clean now</source>
        <translation>Jetzt aufräumen</translation>
    </message>
    <message>
        <source>Nothing is too old or too much.</source>
        <translation>Nichts ist zu alt oder zu viel.</translation>
    </message>
    <message>
        <source>With their pictures would go: {frames} frames, {size}.</source>
        <translation>Samt Fotos fielen weg: {frames} Bilder, {size}.</translation>
    </message>
    <message>
        <source>Deleted with their pictures: {frames} frames, {size}.</source>
        <translation>Samt Fotos gelöscht: {frames} Bilder, {size}.</translation>
    </message>
    <message>
        <source>Nothing was too old or too much.</source>
        <translation>Nichts war zu alt oder zu viel.</translation>
    </message>
    <message>
        <source>left over</source>
        <translation>übrig geblieben</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
</context>
<context>
    <name>SectionCard</name>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Wird gezeigt</translation>
    </message>
    <message>
        <source>Folded away</source>
        <translation>Eingeklappt</translation>
    </message>
</context>
<context>
    <name>SectionList</name>
    <message>
        <source>Sections</source>
        <translation>Abschnitte</translation>
    </message>
</context>
<context>
    <name>SetKey</name>
    <message>
        <source>Key for {provider}</source>
        <translation>Schlüssel für {provider}</translation>
    </message>
    <message>
        <source>Save the key</source>
        <translation>Schlüssel speichern</translation>
    </message>
    <message>
        <source>{name} alone</source>
        <translation>Nur {name}</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Paste it here</source>
        <translation>Hier einfügen</translation>
    </message>
    <message>
        <source>Keep it for this session only: forgotten when the program ends</source>
        <translation>Nur für diese Sitzung behalten: am Programmende vergessen</translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation>&amp;Für</translation>
    </message>
    <message>
        <source>&amp;Key</source>
        <translation>&amp;Schlüssel</translation>
    </message>
    <message>
        <source>Where do I get one?</source>
        <translation>Wo bekomme ich einen?</translation>
    </message>
    <message>
        <source>It goes into this computer&apos;s keyring and is never shown again.</source>
        <translation>Er kommt in den Schlüsselbund dieses Computers und wird nie wieder angezeigt.</translation>
    </message>
    <message>
        <source>Paste the key first.</source>
        <translation>Fügen Sie zuerst den Schlüssel ein.</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Back to the default: {label}</source>
        <translation>Zurück zum Standard: {label}</translation>
    </message>
    <message>
        <source>Back to the default: {value}</source>
        <translation>Zurück zum Standard: {value}</translation>
    </message>
    <message>
        <source>Ticked ones first, from the top; drag them. The others follow.</source>
        <translation>Die mit Haken zuerst, von oben; ziehen Sie sie. Die anderen folgen.</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
</context>
<context>
    <name>SettingsTab</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Connect an app</source>
        <translation>Eine App verbinden</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen suchen</translation>
    </message>
    <message>
        <source>No setting is called like that.</source>
        <translation>So heißt keine Einstellung.</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Find in this tab</source>
        <translation>In diesem Reiter suchen</translation>
    </message>
    <message>
        <source>End finding, close a dialog</source>
        <translation>Suche beenden, Fenster schließen</translation>
    </message>
    <message>
        <source>Read everything shown anew</source>
        <translation>Alles Gezeigte neu lesen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>This list</source>
        <translation>Diese Liste</translation>
    </message>
    <message>
        <source>Quit: the server stops too</source>
        <translation>Beenden: Auch der Server hält an</translation>
    </message>
    <message>
        <source>The first tab; up to Ctrl+9</source>
        <translation>Der erste Reiter; bis Strg+9</translation>
    </message>
    <message>
        <source>Copy the selected rows or lines</source>
        <translation>Die gewählten Zeilen kopieren</translation>
    </message>
    <message>
        <source>Try a copied picture, in Live</source>
        <translation>Ein kopiertes Bild ausprobieren, unter Live</translation>
    </message>
    <message>
        <source>Save the prompt, in Prompts</source>
        <translation>Die Frage speichern, unter „Fragen“</translation>
    </message>
    <message>
        <source>Ask a provider earlier, in Profiles</source>
        <translation>Einen Anbieter früher fragen, in Profile</translation>
    </message>
    <message>
        <source>Ask a provider later, in Profiles</source>
        <translation>Einen Anbieter später fragen, in Profile</translation>
    </message>
    <message>
        <source>Take the selected row away, where that is offered</source>
        <translation>Die gewählte Zeile entfernen, wo das angeboten wird</translation>
    </message>
    <message>
        <source>The newer frame, where one is open</source>
        <translation>Das neuere Bild, wo eines offen ist</translation>
    </message>
    <message>
        <source>The older frame, where one is open</source>
        <translation>Das ältere Bild, wo eines offen ist</translation>
    </message>
    <message>
        <source>Keep the open frame as a favourite</source>
        <translation>Das offene Bild als Favoriten behalten</translation>
    </message>
    <message>
        <source>The open frame&apos;s answer is right</source>
        <translation>Die Antwort zum offenen Bild stimmt</translation>
    </message>
    <message>
        <source>The open frame&apos;s answer is wrong</source>
        <translation>Die Antwort zum offenen Bild ist falsch</translation>
    </message>
    <message>
        <source>Correct the open frame&apos;s answer</source>
        <translation>Die Antwort zum offenen Bild berichtigen</translation>
    </message>
    <message>
        <source>To the next field, button or list</source>
        <translation>Zum nächsten Feld, Knopf oder zur nächsten Liste</translation>
    </message>
    <message>
        <source>Press the button, switch the box</source>
        <translation>Knopf drücken, Kästchen umschalten</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Tabs</source>
        <translation>Reiter</translation>
    </message>
    <message>
        <source>{title}, waiting for you: {number}</source>
        <translation>{title}, wartet auf Sie: {number}</translation>
    </message>
    <message>
        <source>Ctrl+{digit}</source>
        <translation>Strg+{digit}</translation>
    </message>
</context>
<context>
    <name>Splash</name>
    <message>
        <source>Opening profiles, history and settings…</source>
        <translation>Profile, Verlauf und Einstellungen werden geöffnet…</translation>
    </message>
    <message>
        <source>Still opening: after an update, a long history is put in order first.</source>
        <translation>Es wird noch geöffnet: Nach einer Aktualisierung wird ein langer Verlauf zuerst geordnet.</translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <source>Use {address}</source>
        <translation>{address} nehmen</translation>
    </message>
    <message>
        <source>Use port {port}</source>
        <translation>Port {port} nehmen</translation>
    </message>
    <message>
        <source>Every phone must be told the new address.</source>
        <translation>Jedes Telefon muss die neue Adresse bekommen.</translation>
    </message>
    <message>
        <source>Show what to tell them</source>
        <translation>Zeigen, was sie brauchen</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>The history is behind: frames answered but not stored yet: {number}. Is the disk full or busy?</source>
        <translation>Der Verlauf hinkt nach: beantwortete, noch nicht gespeicherte Bilder: {number}. Ist die Platte voll oder beschäftigt?</translation>
    </message>
    <message>
        <source>The phone at {address} set API keys of {name}: {providers}.</source>
        <translation>Das Telefon {address} trug API-Schlüssel von {name} ein: {providers}.</translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Hält an</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Address for the phone</source>
        <translation>Adresse für das Telefon</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Connect a phone</source>
        <translation>Telefon verbinden</translation>
    </message>
    <message>
        <source>Server: {state}</source>
        <translation>Server: {state}</translation>
    </message>
    <message>
        <source>Phone: {ago}</source>
        <translation>Telefon: {ago}</translation>
    </message>
    <message>
        <source>Phone: not heard yet</source>
        <translation>Telefon: noch nicht gehört</translation>
    </message>
    <message>
        <source>AIs: {ready} of {known} ready</source>
        <translation>KIs bereit: {ready}/{known}</translation>
    </message>
    <message>
        <source>No AI yet</source>
        <translation>Noch keine KI</translation>
    </message>
    <message>
        <source>Today: {cost}</source>
        <translation>Heute: {cost}</translation>
    </message>
    <message>
        <source>Frames today: {number}</source>
        <translation>Bilder heute: {number}</translation>
    </message>
    <message>
        <source>Left on the disk: {size}</source>
        <translation>Auf der Platte frei: {size}</translation>
    </message>
    <message>
        <source>Keyring: none</source>
        <translation>Schlüsselbund: keiner</translation>
    </message>
    <message>
        <source>Keyring: locked</source>
        <translation>Schlüsselbund: gesperrt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
</context>
<context>
    <name>Step</name>
    <message>
        <source>{name}: {how}</source>
        <translation>{name}: {how}</translation>
    </message>
    <message>
        <source>{name}: {how}, {sureness}</source>
        <translation>{name}: {how}, {sureness}</translation>
    </message>
    <message>
        <source>Chosen for the glasses</source>
        <translation>Für die Brille gewählt</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>Step {number} of {total}: {name}</source>
        <translation>Schritt {number} von {total}: {name}</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open the window</source>
        <translation>Fenster öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>No answers for 15 minutes</source>
        <translation>15 Minuten keine Antworten</translation>
    </message>
    <message>
        <source>No answers for 1 hour</source>
        <translation>1 Stunde keine Antworten</translation>
    </message>
    <message>
        <source>Answer again now</source>
        <translation>Jetzt wieder antworten</translation>
    </message>
    <message>
        <source>No answers until {time}</source>
        <translation>Keine Antworten bis {time}</translation>
    </message>
    <message>
        <source>Copy {address}</source>
        <translation>{address} kopieren</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Server anhalten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Server starten</translation>
    </message>
    <message>
        <source>Frame Backend</source>
        <translation>Frame Backend</translation>
    </message>
</context>
<context>
    <name>TruthCard</name>
    <message>
        <source>How often it is right</source>
        <translation>Wie oft es recht hat</translation>
    </message>
    <message>
        <source>It stands here once {needed} of its answers are judged, by your thumbs or by a second AI.</source>
        <translation>Es steht hier, sobald {needed} seiner Antworten beurteilt sind, durch Ihre Daumen oder durch eine zweite KI.</translation>
    </message>
    <message>
        <source>It called none of its answers sure; {count} were judged, by your thumbs and a second AI.</source>
        <translation>Er nannte keine seiner Antworten sicher; {count} wurden beurteilt, durch Ihre Daumen und eine zweite KI.</translation>
    </message>
    <message>
        <source>Of {count} answers it called sure, {percent} were right; by your thumbs and a second AI.</source>
        <translation>Von {count} Antworten, die er sicher nannte, stimmten {percent}; nach Ihren Daumen und einer zweiten KI.</translation>
    </message>
    <message>
        <source>Across: how sure it said it was. Up: how often it was right. Below the line it promised too much.</source>
        <translation>Nach rechts: wie sicher es sich nannte. Nach oben: wie oft es recht hatte. Unter der Linie versprach es zu viel.</translation>
    </message>
    <message>
        <source>Said {least} to {most}: {percent} of {count} were right; now taken for {trust}.</source>
        <translation>Sagte {least} bis {most}: {percent} von {count} waren richtig; gilt jetzt als {trust}.</translation>
    </message>
</context>
<context>
    <name>TryDialog</name>
    <message>
        <source>Try a picture</source>
        <translation>Bild probieren</translation>
    </message>
    <message>
        <source>The picture to try</source>
        <translation>Das Bild zum Probieren</translation>
    </message>
    <message>
        <source>Drop a picture here, paste one, or choose a file.</source>
        <translation>Ziehen Sie ein Bild hierher, fügen Sie eines ein, oder wählen Sie eine Datei.</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Ask every AI</source>
        <translation>Jede KI fragen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Bild wählen</translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.png *.webp *.gif *.bmp)</source>
        <translation>Bilder (*.jpg *.jpeg *.png *.webp *.gif *.bmp)</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
    <message>
        <source>Choose a picture first.</source>
        <translation>Wählen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Leave empty: the profile&apos;s own prompt</source>
        <translation>Leer lassen: die Frage des Profils</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>&amp;Profil</translation>
    </message>
    <message>
        <source>&amp;Question</source>
        <translation>&amp;Frage</translation>
    </message>
    <message>
        <source>Not kept in the history. Calls count, and cost, as always.</source>
        <translation>Kommt nicht in den Verlauf. Anfragen zählen und kosten wie immer.</translation>
    </message>
</context>
<context>
    <name>TryResults</name>
    <message>
        <source>Asking…</source>
        <translation>Fragen läuft…</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>That failed: the Log tab says more.</source>
        <translation>Das schlug fehl: Der Reiter Protokoll sagt mehr.</translation>
    </message>
    <message>
        <source>Asking the others…</source>
        <translation>Die anderen werden gefragt…</translation>
    </message>
    <message>
        <source>Nobody could be asked.</source>
        <translation>Niemand konnte gefragt werden.</translation>
    </message>
    <message>
        <source>Asked: {asked}, answered: {said}.</source>
        <translation>Gefragt: {asked}, geantwortet: {said}.</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>UpdatesPart</name>
    <message>
        <source>Open its page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>You have version {version}.</source>
        <translation>Sie haben Version {version}.</translation>
    </message>
</context>
<context>
    <name>UsageList</name>
    <message>
        <source>Nobody has a profile yet.</source>
        <translation>Noch hat niemand ein Profil.</translation>
    </message>
    <message>
        <source>{used} of {limit}, {frames} frames, oldest: {oldest}</source>
        <translation>{used} von {limit}, {frames} Bilder, ältestes: {oldest}</translation>
    </message>
</context>
<context>
    <name>WearerStep</name>
    <message>
        <source>Wearer</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>Who wears the glasses?</source>
        <translation>Wer trägt die Brille?</translation>
    </message>
    <message>
        <source>A name, and a key by which the phone proves that it is theirs.</source>
        <translation>Ein Name, und ein Schlüssel, mit dem sich das Telefon ausweist.</translation>
    </message>
    <message>
        <source>Leave empty: one is made for you</source>
        <translation>Leer lassen: Es wird einer gemacht</translation>
    </message>
    <message>
        <source>Give it a new key: the old one stops working at once</source>
        <translation>Neuen Schlüssel geben: Der alte gilt sofort nicht mehr</translation>
    </message>
    <message>
        <source>&amp;Who</source>
        <translation>Wer &amp;ist es</translation>
    </message>
    <message>
        <source>N&amp;ame</source>
        <translation>N&amp;ame</translation>
    </message>
    <message>
        <source>Auth &amp;key</source>
        <translation>Zugangs&amp;schlüssel</translation>
    </message>
    <message>
        <source>Like a password, for the phone app alone.</source>
        <translation>Wie ein Passwort, nur für die Telefon-App.</translation>
    </message>
    <message>
        <source>Somebody new</source>
        <translation>Jemand Neues</translation>
    </message>
    <message>
        <source>Its key is shown in the last step.</source>
        <translation>Der Schlüssel ist im letzten Schritt zu sehen.</translation>
    </message>
    <message>
        <source>Its key cannot be shown again.</source>
        <translation>Der Schlüssel lässt sich nicht noch einmal zeigen.</translation>
    </message>
    <message>
        <source>Type a name: the wearer&apos;s first name will do.</source>
        <translation>Tippen Sie einen Namen: Der Vorname genügt.</translation>
    </message>
    <message>
        <source>There is a profile of this name already: choose it above.</source>
        <translation>Ein Profil mit diesem Namen gibt es schon: Wählen Sie es oben.</translation>
    </message>
</context>
<context>
    <name>WebhookPart</name>
    <message>
        <source>Copy the key</source>
        <translation>Den Schlüssel kopieren</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Send a test now</source>
        <translation>Jetzt einen Test senden</translation>
    </message>
    <message>
        <source>Webhook&apos;s key</source>
        <translation>Schlüssel des Webhooks</translation>
    </message>
    <message>
        <source>What is posted is signed with it (X-Signature), so that the receiver knows it.</source>
        <translation>Was gesendet wird, ist damit signiert (X-Signature); daran erkennt es der Empfänger.</translation>
    </message>
    <message>
        <source>Try it for</source>
        <translation>Ausprobieren für</translation>
    </message>
    <message>
        <source>A key is set.</source>
        <translation>Ein Schlüssel ist hinterlegt.</translation>
    </message>
    <message>
        <source>None: nothing is signed.</source>
        <translation>Keiner: Es wird nichts signiert.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>WindowCard</name>
    <message>
        <source>Set up again</source>
        <translation>Neu einrichten</translation>
    </message>
    <message>
        <source>The language changes at the next start.</source>
        <translation>Die Sprache wechselt beim nächsten Start.</translation>
    </message>
    <message>
        <source>It begins in the system&apos;s tray, with no window.</source>
        <translation>Es beginnt im Infobereich, ohne Fenster.</translation>
    </message>
    <message>
        <source>The four steps of the first start. What is set stays.</source>
        <translation>Die vier Schritte des ersten Starts. Was eingestellt ist, bleibt.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Start when I log in</source>
        <translation>Beim Anmelden starten</translation>
    </message>
    <message>
        <source>First start</source>
        <translation>Erster Start</translation>
    </message>
</context>
<context>
    <name>ZoomView</name>
    <message>
        <source>A click enlarges it, so do Ctrl and the wheel; drag to move it</source>
        <translation>Ein Klick vergrößert es, ebenso Strg und das Mausrad; durch Ziehen verschieben Sie es</translation>
    </message>
</context>
<context>
    <name>_Bar</name>
    <message>
        <source>From {begin} to {end}</source>
        <translation>Von {begin} bis {end}</translation>
    </message>
</context>
<context>
    <name>_Film</name>
    <message>
        <source>{time}, {how}: {text}</source>
        <translation>{time}, {how}: {text}</translation>
    </message>
</context>
<context>
    <name>_Message</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>backup_dialogs</name>
    <message>
        <source>Restore a backup</source>
        <translation>Eine Sicherung zurückholen</translation>
    </message>
    <message>
        <source>Backups (*.zip *.db)</source>
        <translation>Sicherungen (*.zip *.db)</translation>
    </message>
</context>
<context>
    <name>cells</name>
    <message>
        <source>corrected: {text}</source>
        <translation>berichtigt: {text}</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no favourite</source>
        <translation>kein Favorit</translation>
    </message>
    <message>
        <source>no thumb</source>
        <translation>kein Daumen</translation>
    </message>
    <message>
        <source>thumb down</source>
        <translation>Daumen runter</translation>
    </message>
    <message>
        <source>thumb up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
</context>
<context>
    <name>columns</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Blurred faces</source>
        <translation>Unkenntliche Gesichter</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>Berichtigung</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Door</source>
        <translation>Tür</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Sure</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Thumb</source>
        <translation>Daumen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Trust</source>
        <translation>Vertrauen</translation>
    </message>
</context>
<context>
    <name>drill</name>
    <message>
        <source>More than one AI was asked</source>
        <translation>Mehr als eine KI wurde gefragt</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>Reused from a moment before</source>
        <translation>Von einem Moment zuvor übernommen</translation>
    </message>
    <message>
        <source>Answered by nobody</source>
        <translation>Von niemandem beantwortet</translation>
    </message>
    <message>
        <source>Ended: {how}</source>
        <translation>Ende: {how}</translation>
    </message>
    <message>
        <source>Failed: {how}</source>
        <translation>Gescheitert: {how}</translation>
    </message>
    <message>
        <source>From {hour}:00 to {hour}:59</source>
        <translation>Von {hour}:00 bis {hour}:59</translation>
    </message>
    <message>
        <source>{name} was asked</source>
        <translation>{name} wurde gefragt</translation>
    </message>
    <message>
        <source>Answered by {name}</source>
        <translation>Beantwortet von {name}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>&apos;{host}&apos; is not an address of this computer.</source>
        <translation>„{host}“ ist keine Adresse dieses Computers.</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is an address inside a range: for the whole range write {network}.</source>
        <translation>„{text}“ ist eine Adresse in einem Bereich: für den ganzen Bereich schreiben Sie {network}.</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is neither an IP address nor a range such as 192.168.1.0/24.</source>
        <translation>„{text}“ ist weder eine IP-Adresse noch ein Bereich wie 192.168.1.0/24.</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not an IP address.</source>
        <translation>„{text}“ ist keine IP-Adresse.</translation>
    </message>
    <message>
        <source>&apos;{username}&apos; cannot be brought back: it is gone for good.</source>
        <translation>„{username}“ lässt sich nicht zurückholen: es ist endgültig gelöscht.</translation>
    </message>
    <message>
        <source>&apos;{username}&apos; was deleted, and goes for good when the program runs next: then the name is free.</source>
        <translation>„{username}“ wurde gelöscht und verschwindet endgültig, wenn das Programm das nächste Mal läuft: dann ist der Name frei.</translation>
    </message>
    <message>
        <source>&apos;{username}&apos; was just deleted: undo that, or wait a minute.</source>
        <translation>„{username}“ wurde gerade gelöscht: machen Sie das rückgängig, oder warten Sie eine Minute.</translation>
    </message>
    <message>
        <source>A Frame Backend runs on this data folder: quit it first.</source>
        <translation>Auf diesem Datenordner läuft schon ein Frame Backend: beenden Sie es zuerst.</translation>
    </message>
    <message>
        <source>A base URL holds no password, no query and no fragment: the key is kept apart from it.</source>
        <translation>In einer Adresse stehen kein Passwort, keine Abfrage und kein Anker: der Schlüssel wird getrennt aufbewahrt.</translation>
    </message>
    <message>
        <source>A base URL looks like http://192.168.1.20:11434/v1 or https://api.example.com/v1.</source>
        <translation>Eine Adresse sieht so aus: http://192.168.1.20:11434/v1 oder https://api.example.com/v1.</translation>
    </message>
    <message>
        <source>A correction has at most {most} characters.</source>
        <translation>Eine Berichtigung hat höchstens {most} Zeichen.</translation>
    </message>
    <message>
        <source>A frame is missing in the history: the database could not be written.</source>
        <translation>Im Verlauf fehlt ein Bild: die Datenbank konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>A key works only at the address of its own region.</source>
        <translation>Ein Schlüssel gilt nur an der Adresse seiner eigenen Region.</translation>
    </message>
    <message>
        <source>A model&apos;s id has 1 to {most} printable characters and no blanks.</source>
        <translation>Der Name eines Modells hat 1 bis {most} druckbare Zeichen und keine Leerzeichen.</translation>
    </message>
    <message>
        <source>A newer photo took this one&apos;s place.</source>
        <translation>Ein neueres Foto trat an die Stelle von diesem.</translation>
    </message>
    <message>
        <source>A picture could not be written: {reason}.</source>
        <translation>Ein Bild konnte nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <source>A profile&apos;s name consists of letters, digits, spaces and . _ - alone.</source>
        <translation>Der Name eines Profils besteht nur aus Buchstaben, Ziffern, Leerzeichen und . _ -.</translation>
    </message>
    <message>
        <source>A profile&apos;s name has 1 to {most} characters.</source>
        <translation>Der Name eines Profils hat 1 bis {most} Zeichen.</translation>
    </message>
    <message>
        <source>A profile&apos;s name neither begins nor ends with a space, and is not &apos;.&apos; or &apos;..&apos;.</source>
        <translation>Der Name eines Profils beginnt und endet nicht mit einem Leerzeichen und ist nicht „.“ oder „..“.</translation>
    </message>
    <message>
        <source>A prompt has at most {most} characters, this one {length}.</source>
        <translation>Eine Frage hat höchstens {most} Zeichen, diese hat {length}.</translation>
    </message>
    <message>
        <source>A provider has no &apos;{field}&apos; to set: only {changeable}.</source>
        <translation>Ein Anbieter hat kein „{field}“ zum Einstellen, nur {changeable}.</translation>
    </message>
    <message>
        <source>A provider&apos;s name has 1 to 32 of a-z 0-9 _ -, begins with a letter or digit, and is none of {reserved}.</source>
        <translation>Der Name eines Anbieters hat 1 bis 32 Zeichen aus a-z 0-9 _ -, beginnt mit einem Buchstaben oder einer Ziffer und ist keiner von {reserved}.</translation>
    </message>
    <message>
        <source>A restore that was cut short cannot be finished: {reason}.</source>
        <translation>Eine unterbrochene Wiederherstellung kann nicht beendet werden: {reason}.</translation>
    </message>
    <message>
        <source>A thumb is 1, 0 or -1.</source>
        <translation>Ein Daumen ist 1, 0 oder -1.</translation>
    </message>
    <message>
        <source>A wrong auth key came from {address}.</source>
        <translation>Ein falscher Zugangsschlüssel kam von {address}.</translation>
    </message>
    <message>
        <source>API keys are kept in this computer&apos;s keyring.</source>
        <translation>API-Schlüssel liegen im Schlüsselbund dieses Computers.</translation>
    </message>
    <message>
        <source>AVIF photos are not supported. Use JPEG.</source>
        <translation>AVIF-Fotos gehen nicht. Nehmen Sie JPEG.</translation>
    </message>
    <message>
        <source>An API key has 1 to {most} printable ASCII characters and no blanks.</source>
        <translation>Ein API-Schlüssel hat 1 bis {most} druckbare ASCII-Zeichen und keine Leerzeichen.</translation>
    </message>
    <message>
        <source>An app&apos;s name has 1 to {most} characters on one line.</source>
        <translation>Der Name einer App hat 1 bis {most} Zeichen in einer Zeile.</translation>
    </message>
    <message>
        <source>An auth key has no spaces and no line breaks: give it without them.</source>
        <translation>Ein Zugangsschlüssel hat keine Leerzeichen und keine Zeilenumbrüche: geben Sie ihn ohne sie ein.</translation>
    </message>
    <message>
        <source>An auth key has {least} to {most} characters of A-Z a-z 0-9 . _ ~ -.</source>
        <translation>Ein Zugangsschlüssel hat {least} bis {most} Zeichen aus A-Z a-z 0-9 . _ ~ -.</translation>
    </message>
    <message>
        <source>Another Frame Backend already runs on this data folder.</source>
        <translation>Auf diesem Datenordner läuft schon ein anderes Frame Backend.</translation>
    </message>
    <message>
        <source>Answers do not reach the MQTT broker: {why}</source>
        <translation>Die Antworten erreichen den MQTT-Broker nicht: {why}</translation>
    </message>
    <message>
        <source>Blacklist: {error}</source>
        <translation>Sperrliste: {error}</translation>
    </message>
    <message>
        <source>Connected to {host}.</source>
        <translation>Verbunden mit {host}.</translation>
    </message>
    <message>
        <source>Connecting to {host}.</source>
        <translation>Verbindung zu {host} wird aufgebaut.</translation>
    </message>
    <message>
        <source>Frame Backend ended.</source>
        <translation>Frame Backend wurde beendet.</translation>
    </message>
    <message>
        <source>Frame Backend {version} started.</source>
        <translation>Frame Backend {version} ist gestartet.</translation>
    </message>
    <message>
        <source>Good at maths and at puzzles.</source>
        <translation>Gut bei Mathematik und Rätseln.</translation>
    </message>
    <message>
        <source>Good at signs, labels and questions.</source>
        <translation>Gut bei Schildern, Etiketten und Fragen.</translation>
    </message>
    <message>
        <source>Good at translating, and at reading Chinese.</source>
        <translation>Gut im Übersetzen und im Lesen von Chinesisch.</translation>
    </message>
    <message>
        <source>HEIC and AVIF photos are not supported. Use JPEG.</source>
        <translation>HEIC- und AVIF-Fotos gehen nicht. Nehmen Sie JPEG.</translation>
    </message>
    <message>
        <source>HEIC photos are not supported. Use JPEG.</source>
        <translation>HEIC-Fotos gehen nicht. Nehmen Sie JPEG.</translation>
    </message>
    <message>
        <source>It could not be looked up: {reason}</source>
        <translation>Es ließ sich nicht nachsehen: {reason}</translation>
    </message>
    <message>
        <source>It has 1 to {most} printable characters.</source>
        <translation>Es hat 1 bis {most} druckbare Zeichen.</translation>
    </message>
    <message>
        <source>It is overloaded or cannot be reached.</source>
        <translation>Er ist überlastet oder nicht zu erreichen.</translation>
    </message>
    <message>
        <source>It must be a number, such as 0.30.</source>
        <translation>Es muss eine Zahl sein, zum Beispiel 0.30.</translation>
    </message>
    <message>
        <source>It must be from 0 to {most_usd}.</source>
        <translation>Es muss zwischen 0 und {most_usd} liegen.</translation>
    </message>
    <message>
        <source>It sent no answer.</source>
        <translation>Er hat keine Antwort geschickt.</translation>
    </message>
    <message>
        <source>It sent something unreadable.</source>
        <translation>Er hat etwas Unlesbares geschickt.</translation>
    </message>
    <message>
        <source>It stays where it is, the keyring cannot be used: {trouble}.</source>
        <translation>Es bleibt, wo es ist, der Schlüsselbund ist nicht benutzbar: {trouble}.</translation>
    </message>
    <message>
        <source>It took too long.</source>
        <translation>Er hat zu lange gebraucht.</translation>
    </message>
    <message>
        <source>It was answered with status {status}.</source>
        <translation>Die Antwort hatte den Status {status}.</translation>
    </message>
    <message>
        <source>Its certificate is not trusted. Install the authority that made it on this computer.</source>
        <translation>Seinem Zertifikat wird nicht vertraut. Installieren Sie auf diesem Computer die Stelle, die es ausgestellt hat.</translation>
    </message>
    <message>
        <source>Its file {file} is not the one that was installed.</source>
        <translation>Seine Datei {file} ist nicht die, die installiert wurde.</translation>
    </message>
    <message>
        <source>Its reply could not be read.</source>
        <translation>Seine Antwort war nicht zu lesen.</translation>
    </message>
    <message>
        <source>MQTT is switched off.</source>
        <translation>MQTT ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>Models that end in :free allow 20 calls a minute and 50 a day.</source>
        <translation>Modelle, die auf :free enden, erlauben 20 Anfragen je Minute und 50 je Tag.</translation>
    </message>
    <message>
        <source>No AI could answer. Please try again.</source>
        <translation>Keine KI konnte antworten. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
        <source>No AI is set up for this profile.</source>
        <translation>Für dieses Profil ist keine KI eingerichtet.</translation>
    </message>
    <message>
        <source>No broker&apos;s address is set.</source>
        <translation>Es ist keine Adresse eines Brokers gesetzt.</translation>
    </message>
    <message>
        <source>No credit is left on the account.</source>
        <translation>Das Konto hat kein Guthaben mehr.</translation>
    </message>
    <message>
        <source>No reply within {limit_s} s.</source>
        <translation>Keine Antwort innerhalb von {limit_s} s.</translation>
    </message>
    <message>
        <source>Nobody answered within {limit} seconds.</source>
        <translation>In {limit} Sekunden kam keine Antwort.</translation>
    </message>
    <message>
        <source>Nothing is looked up.</source>
        <translation>Es wird nicht nachgesehen.</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Only a custom provider can be added, and it needs a base URL.</source>
        <translation>Nur ein eigener Anbieter lässt sich hinzufügen, und er braucht eine Adresse.</translation>
    </message>
    <message>
        <source>Passes your pictures to third parties nobody here knows. Slow, and often down.</source>
        <translation>Gibt Ihre Bilder an Dritte weiter, die hier niemand kennt. Langsam und oft nicht erreichbar.</translation>
    </message>
    <message>
        <source>Phones find this computer on the local network, port {port}.</source>
        <translation>Telefone finden diesen Computer im lokalen Netz, Port {port}.</translation>
    </message>
    <message>
        <source>Photo not sent: faces could not be blurred.</source>
        <translation>Foto nicht gesendet: Gesichter waren nicht unkenntlich zu machen.</translation>
    </message>
    <message>
        <source>Photos are not sent: faces in them cannot be blurred. {reason}</source>
        <translation>Fotos werden nicht gesendet: Gesichter darin lassen sich nicht unkenntlich machen. {reason}</translation>
    </message>
    <message>
        <source>Pictures come faster than the disk keeps them: some are missing in the history.</source>
        <translation>Bilder kommen schneller, als der Datenträger sie speichert: im Verlauf fehlen einige.</translation>
    </message>
    <message>
        <source>Port {port} is in use by another program.</source>
        <translation>Port {port} wird von einem anderen Programm benutzt.</translation>
    </message>
    <message>
        <source>Port {port} is reserved by Windows, or another program has it for itself.</source>
        <translation>Port {port} ist von Windows reserviert, oder ein anderes Programm hat ihn für sich allein.</translation>
    </message>
    <message>
        <source>Port {port} needs administrator rights.</source>
        <translation>Port {port} braucht Administratorrechte.</translation>
    </message>
    <message>
        <source>Profile &apos;{username}&apos;: {error}</source>
        <translation>Profil „{username}“: {error}</translation>
    </message>
    <message>
        <source>Quick, and good at most things.</source>
        <translation>Schnell, und gut in den meisten Dingen.</translation>
    </message>
    <message>
        <source>Several settings were changed.</source>
        <translation>Mehrere Einstellungen wurden geändert.</translation>
    </message>
    <message>
        <source>Something answered in place of {label}. Check the network and the address.</source>
        <translation>Statt {label} hat etwas anderes geantwortet. Prüfen Sie das Netzwerk und die Adresse.</translation>
    </message>
    <message>
        <source>Something went wrong inside the program: {kind}. The log has the details.</source>
        <translation>Im Programm ist etwas schiefgegangen: {kind}. Einzelheiten stehen im Protokoll.</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>Etwas ging schief.</translation>
    </message>
    <message>
        <source>Starting at login is not known for this system.</source>
        <translation>Wie man auf diesem System beim Anmelden startet, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>Stopped: {left} frames are left, the same import goes on with them.</source>
        <translation>Angehalten: {left} Bilder fehlen noch, derselbe Import macht mit ihnen weiter.</translation>
    </message>
    <message>
        <source>That auth key is in use already: choose another.</source>
        <translation>Diesen Zugangsschlüssel gibt es schon: wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>That file is not a photo I can read.</source>
        <translation>Diese Datei ist kein Foto, das sich lesen lässt.</translation>
    </message>
    <message>
        <source>The AIs took too long. Please try again.</source>
        <translation>Die KIs haben zu lange gebraucht. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The address of this computer&apos;s proxy cannot be read. Nothing goes out past the proxy.</source>
        <translation>Die Adresse des Proxys dieses Computers ist nicht lesbar. Am Proxy vorbei geht nichts hinaus.</translation>
    </message>
    <message>
        <source>The address of {label} is not a web address.</source>
        <translation>Die Adresse von {label} ist keine Webadresse.</translation>
    </message>
    <message>
        <source>The address of {label} leads elsewhere. Check it.</source>
        <translation>Die Adresse von {label} führt anderswohin. Prüfen Sie sie.</translation>
    </message>
    <message>
        <source>The answers of {profile} do not reach their webhook: {why}</source>
        <translation>Die Antworten von {profile} erreichen ihren Webhook nicht: {why}</translation>
    </message>
    <message>
        <source>The backup could not be restored: {reason}.</source>
        <translation>Die Sicherung konnte nicht wiederhergestellt werden: {reason}.</translation>
    </message>
    <message>
        <source>The backup could not be written: {reason}.</source>
        <translation>Die Sicherung konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The backup&apos;s database cannot be used: {why}</source>
        <translation>Die Datenbank der Sicherung ist unbrauchbar: {why}</translation>
    </message>
    <message>
        <source>The backup&apos;s database is damaged.</source>
        <translation>Die Datenbank der Sicherung ist beschädigt.</translation>
    </message>
    <message>
        <source>The connection to {host} broke.</source>
        <translation>Die Verbindung zu {host} ist abgebrochen.</translation>
    </message>
    <message>
        <source>The connection to {label} broke.</source>
        <translation>Die Verbindung zu {label} brach ab.</translation>
    </message>
    <message>
        <source>The context of {model} is too small for this question. Set it to 8,192 tokens or more at {label}.</source>
        <translation>Der Kontext von {model} ist zu klein für diese Frage. Stellen Sie ihn bei {label} auf 8.192 Token oder mehr.</translation>
    </message>
    <message>
        <source>The damaged file could not be moved: {reason}.</source>
        <translation>Die beschädigte Datei konnte nicht verschoben werden: {reason}.</translation>
    </message>
    <message>
        <source>The data folder cannot be used: {reason}.</source>
        <translation>Der Datenordner kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>The data folder {folder} cannot be found.</source>
        <translation>Der Datenordner {folder} ist nicht zu finden.</translation>
    </message>
    <message>
        <source>The data folder&apos;s pepper cannot be used: {reason}.</source>
        <translation>Die Datei „pepper“ im Datenordner kann nicht benutzt werden: {reason}.</translation>
    </message>
    <message>
        <source>The database cannot be opened: {error}.</source>
        <translation>Die Datenbank kann nicht geöffnet werden: {error}.</translation>
    </message>
    <message>
        <source>The database cannot be read: {error}.</source>
        <translation>Die Datenbank kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>The database cannot be written: {reason}. Nothing was changed.</source>
        <translation>Die Datenbank kann nicht geschrieben werden: {reason}. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>The database file is damaged. Its last good copy is of {date}: &apos;restore {name}&apos; puts it in the file&apos;s place.</source>
        <translation>Die Datenbankdatei ist beschädigt. Ihre letzte gute Kopie ist vom {date}: „restore {name}“ setzt sie an die Stelle der Datei.</translation>
    </message>
    <message>
        <source>The database file is damaged: frames are answered, but the history cannot be kept. Quit the program and start it again: it then offers the last good copy.</source>
        <translation>Die Datenbankdatei ist beschädigt: Bilder werden beantwortet, aber der Verlauf kann nicht gespeichert werden. Beenden Sie das Programm und starten Sie es neu: dann bietet es die letzte gute Kopie an.</translation>
    </message>
    <message>
        <source>The database file is damaged: put a backup in its place, or move it away to begin anew.</source>
        <translation>Die Datenbankdatei ist beschädigt: setzen Sie eine Sicherung an ihre Stelle, oder verschieben Sie sie, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>The database file is damaged: quit the program and start it again.</source>
        <translation>Die Datenbankdatei ist beschädigt: beenden Sie das Programm und starten Sie es neu.</translation>
    </message>
    <message>
        <source>The database in the data folder was made by another program.</source>
        <translation>Die Datenbank im Datenordner stammt von einem anderen Programm.</translation>
    </message>
    <message>
        <source>The database is closed.</source>
        <translation>Die Datenbank ist geschlossen.</translation>
    </message>
    <message>
        <source>The database was made by a newer version of this program (its format is {version}, this program knows {newest}): install the newer version.</source>
        <translation>Die Datenbank stammt von einer neueren Version dieses Programms (ihr Format ist {version}, dieses Programm kennt {newest}): installieren Sie die neuere Version.</translation>
    </message>
    <message>
        <source>The day&apos;s quota of {label} is used up.</source>
        <translation>Das Tageskontingent von {label} ist aufgebraucht.</translation>
    </message>
    <message>
        <source>The device {address} asks to act as {name}.</source>
        <translation>Das Gerät {address} möchte als {name} auftreten.</translation>
    </message>
    <message>
        <source>The device {address} asks to be let in.</source>
        <translation>Das Gerät {address} möchte zugelassen werden.</translation>
    </message>
    <message>
        <source>The device {address} is no longer paired with {name}.</source>
        <translation>Das Gerät {address} ist nicht mehr mit {name} gekoppelt.</translation>
    </message>
    <message>
        <source>The device {address} was paired with {name}.</source>
        <translation>Das Gerät {address} wurde mit {name} gekoppelt.</translation>
    </message>
    <message>
        <source>The disk has not enough room for the copy.</source>
        <translation>Auf dem Datenträger ist nicht genug Platz für die Kopie.</translation>
    </message>
    <message>
        <source>The disk has not enough room to unpack the backup.</source>
        <translation>Auf dem Datenträger ist nicht genug Platz, um die Sicherung zu entpacken.</translation>
    </message>
    <message>
        <source>The drawing {file} is missing.</source>
        <translation>Die Zeichnung {file} fehlt.</translation>
    </message>
    <message>
        <source>The file &apos;pepper&apos; of the data folder was lost or replaced: the auth keys of these profiles match no more, give them new ones: {lost}.</source>
        <translation>Die Datei „pepper“ im Datenordner fehlt oder wurde ersetzt: die Zugangsschlüssel dieser Profile passen nicht mehr, geben Sie ihnen neue: {lost}.</translation>
    </message>
    <message>
        <source>The judge named no answer.</source>
        <translation>Der Schiedsrichter hat keine Antwort genannt.</translation>
    </message>
    <message>
        <source>The key for {label} has characters that no key has. Copy it again.</source>
        <translation>Der Schlüssel für {label} hat Zeichen, die kein Schlüssel hat. Kopieren Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>The key stays where it is, the keyring cannot be used: {trouble}.</source>
        <translation>Der Schlüssel bleibt, wo er ist, der Schlüsselbund kann nicht benutzt werden: {trouble}.</translation>
    </message>
    <message>
        <source>The key was refused. Check the key and the address.</source>
        <translation>Der Schlüssel wurde abgelehnt. Prüfen Sie den Schlüssel und die Adresse.</translation>
    </message>
    <message>
        <source>The keyring has not been tried yet.</source>
        <translation>Der Schlüsselbund wurde noch nicht probiert.</translation>
    </message>
    <message>
        <source>The keyring has not given the broker&apos;s password yet.</source>
        <translation>Der Schlüsselbund hat das Passwort des Brokers noch nicht herausgegeben.</translation>
    </message>
    <message>
        <source>The keyring has not given the webhook&apos;s key yet.</source>
        <translation>Der Schlüsselbund hat den Schlüssel des Webhooks noch nicht herausgegeben.</translation>
    </message>
    <message>
        <source>The keyring is locked: no AI has its key.</source>
        <translation>Der Schlüsselbund ist gesperrt: keine KI hat ihren Schlüssel.</translation>
    </message>
    <message>
        <source>The keyring is locked: until it is unlocked, no API key in it can be used.</source>
        <translation>Der Schlüsselbund ist gesperrt: Bis er entsperrt wird, kann kein API-Schlüssel darin benutzt werden.</translation>
    </message>
    <message>
        <source>The model is not offered. Choose another one, or see the account.</source>
        <translation>Das Modell wird nicht angeboten. Wählen Sie ein anderes oder sehen Sie im Konto nach.</translation>
    </message>
    <message>
        <source>The model {model} of {label} takes no pictures. Choose one that does.</source>
        <translation>Das Modell {model} von {label} nimmt keine Bilder. Wählen Sie eines, das es tut.</translation>
    </message>
    <message>
        <source>The phone at {address} set API keys of {name}: {providers}.</source>
        <translation>Das Telefon {address} setzte API-Schlüssel von {name}: {providers}.</translation>
    </message>
    <message>
        <source>The phone hung up before the answer.</source>
        <translation>Das Telefon legte vor der Antwort auf.</translation>
    </message>
    <message>
        <source>The photo arrived damaged. Please try again.</source>
        <translation>Das Foto kam beschädigt an. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The photo is too large.</source>
        <translation>Das Foto ist zu groß.</translation>
    </message>
    <message>
        <source>The photo is too small to read.</source>
        <translation>Das Foto ist zu klein zum Lesen.</translation>
    </message>
    <message>
        <source>The photo was empty. Please try again.</source>
        <translation>Das Foto war leer. Bitte noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The price of input</source>
        <translation>Der Preis der Eingabe</translation>
    </message>
    <message>
        <source>The price of output</source>
        <translation>Der Preis der Ausgabe</translation>
    </message>
    <message>
        <source>The profile {name} was added.</source>
        <translation>Das Profil {name} wurde angelegt.</translation>
    </message>
    <message>
        <source>The profile {name} was deleted.</source>
        <translation>Das Profil {name} wurde gelöscht.</translation>
    </message>
    <message>
        <source>The profile {old} is called {name} now.</source>
        <translation>Das Profil {old} heißt jetzt {name}.</translation>
    </message>
    <message>
        <source>The provider does not serve this country or region.</source>
        <translation>Der Anbieter bedient dieses Land oder diese Region nicht.</translation>
    </message>
    <message>
        <source>The quota of {label} is used up.</source>
        <translation>Das Kontingent von {label} ist aufgebraucht.</translation>
    </message>
    <message>
        <source>The reader on this computer crashed; it starts again with the next photo.</source>
        <translation>Der Leser auf diesem Computer ist abgestürzt; er startet mit dem nächsten Foto neu.</translation>
    </message>
    <message>
        <source>The reader on this computer failed on this photo.</source>
        <translation>Der Leser auf diesem Computer scheiterte an diesem Foto.</translation>
    </message>
    <message>
        <source>The reader on this computer hung; it starts again with the next photo.</source>
        <translation>Der Leser auf diesem Computer hing; er startet mit dem nächsten Foto neu.</translation>
    </message>
    <message>
        <source>The reader on this computer is busy.</source>
        <translation>Der Leser auf diesem Computer ist beschäftigt.</translation>
    </message>
    <message>
        <source>The reader on this computer is not installed; frames need an AI with a key.</source>
        <translation>Der Leser auf diesem Computer ist nicht installiert; Bilder brauchen eine KI mit einem Schlüssel.</translation>
    </message>
    <message>
        <source>The reader on this computer took too long.</source>
        <translation>Der Leser auf diesem Computer hat zu lange gebraucht.</translation>
    </message>
    <message>
        <source>The reader on this computer was stopped.</source>
        <translation>Der Leser auf diesem Computer wurde angehalten.</translation>
    </message>
    <message>
        <source>The reader&apos;s packages are not installed on this computer.</source>
        <translation>Die Pakete des Lesers sind auf diesem Computer nicht installiert.</translation>
    </message>
    <message>
        <source>The reply of {label} was not read to its end.</source>
        <translation>Die Antwort von {label} wurde nicht zu Ende gelesen.</translation>
    </message>
    <message>
        <source>The restored data cannot be used, everything is as it was before: {why}</source>
        <translation>Die wiederhergestellten Daten sind unbrauchbar, alles ist wie vorher: {why}</translation>
    </message>
    <message>
        <source>The server does not run: {why}</source>
        <translation>Der Server läuft nicht: {why}</translation>
    </message>
    <message>
        <source>The server has a new address: {url}</source>
        <translation>Der Server hat eine neue Adresse: {url}</translation>
    </message>
    <message>
        <source>The server is shutting down.</source>
        <translation>Der Server wird beendet.</translation>
    </message>
    <message>
        <source>The server no longer answered on its port and was opened again.</source>
        <translation>Der Server antwortete auf seinem Port nicht mehr und wurde neu geöffnet.</translation>
    </message>
    <message>
        <source>The server runs at {url}</source>
        <translation>Der Server läuft unter {url}</translation>
    </message>
    <message>
        <source>The server stopped.</source>
        <translation>Der Server wurde angehalten.</translation>
    </message>
    <message>
        <source>The setting “{setting}” is now: {value}</source>
        <translation>Die Einstellung „{setting}“ ist jetzt: {value}</translation>
    </message>
    <message>
        <source>The setting “{setting}” was changed.</source>
        <translation>Die Einstellung „{setting}“ wurde geändert.</translation>
    </message>
    <message>
        <source>The sums of the history did not agree with its frames: they are made anew.</source>
        <translation>Die Summen des Verlaufs passten nicht zu seinen Bildern: Sie werden neu gebildet.</translation>
    </message>
    <message>
        <source>The system&apos;s list of what starts at login cannot be changed: {reason}.</source>
        <translation>Die Liste des Systems, was beim Anmelden startet, kann nicht geändert werden: {reason}.</translation>
    </message>
    <message>
        <source>The webhook of {profile} is too slow: of the answers that wait for it the oldest are left out.</source>
        <translation>Der Webhook von {profile} ist zu langsam: Von den wartenden Antworten werden die ältesten ausgelassen.</translation>
    </message>
    <message>
        <source>The window of Frame Backend {version} opened.</source>
        <translation>Das Fenster von Frame Backend {version} wurde geöffnet.</translation>
    </message>
    <message>
        <source>There is a profile &apos;{username}&apos; already.</source>
        <translation>Ein Profil „{username}“ gibt es schon.</translation>
    </message>
    <message>
        <source>There is a provider &apos;{name}&apos; already.</source>
        <translation>Einen Anbieter „{name}“ gibt es schon.</translation>
    </message>
    <message>
        <source>There is no price of &apos;{model}&apos;.</source>
        <translation>Es gibt keinen Preis von „{model}“.</translation>
    </message>
    <message>
        <source>There is no profile &apos;{username}&apos;.</source>
        <translation>Ein Profil „{username}“ gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no provider &apos;{name}&apos;.</source>
        <translation>Einen Anbieter „{name}“ gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no provider of the kind &apos;{vendor}&apos;.</source>
        <translation>Einen Anbieter der Art „{vendor}“ gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no setting &apos;{key}&apos;.</source>
        <translation>Eine Einstellung „{key}“ gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no {database} in that folder.</source>
        <translation>In diesem Ordner gibt es keine {database}.</translation>
    </message>
    <message>
        <source>There is no {host} in this network.</source>
        <translation>In diesem Netz gibt es kein {host}.</translation>
    </message>
    <message>
        <source>There is nothing to back up yet.</source>
        <translation>Es gibt noch nichts zu sichern.</translation>
    </message>
    <message>
        <source>This computer does not let the program use port {port}.</source>
        <translation>Dieser Computer erlaubt dem Programm den Port {port} nicht.</translation>
    </message>
    <message>
        <source>This computer does not trust the certificate of {host}.</source>
        <translation>Dieser Computer vertraut dem Zertifikat von {host} nicht.</translation>
    </message>
    <message>
        <source>This computer does not trust the certificate of {label}.</source>
        <translation>Dieser Computer vertraut dem Zertifikat von {label} nicht.</translation>
    </message>
    <message>
        <source>This computer reads, but describes nothing: its file {file} is not the one that was installed.</source>
        <translation>Dieser Computer liest, beschreibt aber nichts: Seine Datei {file} ist nicht die, die installiert wurde.</translation>
    </message>
    <message>
        <source>This computer&apos;s clock was set back by {hours} hours: new frames stand below older ones in the history until it has caught up.</source>
        <translation>Die Uhr dieses Computers wurde um {hours} Stunden zurückgestellt: neue Bilder stehen im Verlauf unter älteren, bis sie aufgeholt hat.</translation>
    </message>
    <message>
        <source>This computer&apos;s keyring cannot be used: {trouble}. Keys can be given for this session only, or as environment variables.</source>
        <translation>Der Schlüsselbund dieses Computers kann nicht benutzt werden: {trouble}. Schlüssel können Sie nur für diese Sitzung eingeben, oder als Umgebungsvariablen.</translation>
    </message>
    <message>
        <source>This computer&apos;s keyring cannot keep it ({trouble}): set the environment variable {variable} instead.</source>
        <translation>Der Schlüsselbund dieses Computers kann es nicht aufbewahren ({trouble}): Setzen Sie stattdessen die Umgebungsvariable {variable}.</translation>
    </message>
    <message>
        <source>This computer&apos;s keyring cannot keep the key ({trouble}): {instead}.</source>
        <translation>Der Schlüsselbund dieses Computers kann den Schlüssel nicht aufbewahren ({trouble}): {instead}.</translation>
    </message>
    <message>
        <source>This computer&apos;s proxy does not let it through to {label}.</source>
        <translation>Der Proxy dieses Computers lässt ihn nicht zu {label} durch.</translation>
    </message>
    <message>
        <source>This computer&apos;s proxy speaks {kind}, and this program HTTP alone. Nothing goes out past the proxy.</source>
        <translation>Der Proxy dieses Computers spricht {kind}, dieses Programm nur HTTP. Am Proxy vorbei geht nichts hinaus.</translation>
    </message>
    <message>
        <source>This copy does not know where its releases are.</source>
        <translation>Diese Kopie weiß nicht, wo ihre Veröffentlichungen stehen.</translation>
    </message>
    <message>
        <source>This frame is not in the history any more.</source>
        <translation>Dieses Bild ist nicht mehr im Verlauf.</translation>
    </message>
    <message>
        <source>This is no place in the list of frames.</source>
        <translation>Diese Stelle gibt es in der Liste der Bilder nicht.</translation>
    </message>
    <message>
        <source>This is the newest version.</source>
        <translation>Das ist die neueste Version.</translation>
    </message>
    <message>
        <source>Today&apos;s free requests are used up.</source>
        <translation>Die kostenlosen Anfragen von heute sind aufgebraucht.</translation>
    </message>
    <message>
        <source>Version {version} is out.</source>
        <translation>Version {version} ist erschienen.</translation>
    </message>
    <message>
        <source>What came back tells of no release.</source>
        <translation>Die Antwort nennt keine Version.</translation>
    </message>
    <message>
        <source>What was found of releases could not be kept: {reason}.</source>
        <translation>Was über neue Versionen gefunden wurde, ließ sich nicht merken: {reason}.</translation>
    </message>
    <message>
        <source>it has not answered yet; it may be locked</source>
        <translation>er hat noch nicht geantwortet; vielleicht ist er gesperrt</translation>
    </message>
    <message>
        <source>it was never set up</source>
        <translation>er wurde nie eingerichtet</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation>eines von {choices}</translation>
    </message>
    <message>
        <source>write it as 192.168.0.5 or homeassistant.local, without mqtt:// and without the port</source>
        <translation>schreiben Sie es wie 192.168.0.5 oder homeassistant.local, ohne mqtt:// und ohne den Port</translation>
    </message>
    <message>
        <source>write it as glasses.example, without http:// and without the port</source>
        <translation>schreiben Sie es wie glasses.example, ohne http:// und ohne den Port</translation>
    </message>
    <message>
        <source>write it as https://example.com/hook, without a password and without &apos;#&apos;</source>
        <translation>schreiben Sie es wie https://example.com/hook, ohne Passwort und ohne &apos;#&apos;</translation>
    </message>
    <message>
        <source>{address} is no longer blocked.</source>
        <translation>{address} ist nicht mehr gesperrt.</translation>
    </message>
    <message>
        <source>{address} sent many wrong keys: it may not pair for now.</source>
        <translation>{address} schickte viele falsche Schlüssel: Es darf sich vorerst nicht koppeln.</translation>
    </message>
    <message>
        <source>{address} was blocked.</source>
        <translation>{address} wurde gesperrt.</translation>
    </message>
    <message>
        <source>{found} It stays off.</source>
        <translation>{found} Es bleibt aus.</translation>
    </message>
    <message>
        <source>{host} cannot be reached.</source>
        <translation>{host} ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>{host} did not answer within {limit} seconds.</source>
        <translation>{host} hat nicht innerhalb von {limit} Sekunden geantwortet.</translation>
    </message>
    <message>
        <source>{host} does not answer as an MQTT broker does.</source>
        <translation>{host} antwortet nicht wie ein MQTT-Broker.</translation>
    </message>
    <message>
        <source>{host} does not speak TLS at this port.</source>
        <translation>{host} spricht an diesem Port kein TLS.</translation>
    </message>
    <message>
        <source>{host} is elsewhere by now: enter its new address.</source>
        <translation>{host} ist inzwischen woanders: Geben Sie die neue Adresse ein.</translation>
    </message>
    <message>
        <source>{host} refused it, with status {status}.</source>
        <translation>{host} hat es abgelehnt, mit Status {status}.</translation>
    </message>
    <message>
        <source>{host} refuses the connection: {reason}.</source>
        <translation>{host} verweigert die Verbindung: {reason}.</translation>
    </message>
    <message>
        <source>{host} refuses the user or the password.</source>
        <translation>{host} lehnt den Benutzer oder das Passwort ab.</translation>
    </message>
    <message>
        <source>{host} took the test, which was not signed: there is no key.</source>
        <translation>{host} hat den Test angenommen; er war nicht signiert: Es gibt keinen Schlüssel.</translation>
    </message>
    <message>
        <source>{host} took the test, which was signed.</source>
        <translation>{host} hat den signierten Test angenommen.</translation>
    </message>
    <message>
        <source>{host} took the test.</source>
        <translation>{host} hat den Test angenommen.</translation>
    </message>
    <message>
        <source>{label} cannot hold its model to a form. Update it, or choose another model.</source>
        <translation>{label} kann sein Modell an keine Form binden. Aktualisieren Sie es, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>{name} read the test picture in {took_s} s. It answers from now on.</source>
        <translation>{name} hat das Testbild in {took_s} s gelesen. Es antwortet ab jetzt.</translation>
    </message>
    <message>
        <source>{name} took {took_s} s for the test picture, longer than the {limit_s} s of a call: it is asked only when this computer itself has nothing to say.</source>
        <translation>{name} hat {took_s} s für das Testbild gebraucht, länger als die {limit_s} s eines Aufrufs: Es wird nur gefragt, wenn dieser Computer selbst nichts zu sagen hat.</translation>
    </message>
    <message>
        <source>{profile} has no webhook&apos;s address.</source>
        <translation>{profile} hat keine Adresse für den Webhook.</translation>
    </message>
    <message>
        <source>{provider} is asked again.</source>
        <translation>{provider} wird wieder gefragt.</translation>
    </message>
    <message>
        <source>{provider} was removed.</source>
        <translation>{provider} wurde entfernt.</translation>
    </message>
    <message>
        <source>{provider} was switched off.</source>
        <translation>{provider} wurde ausgeschaltet.</translation>
    </message>
    <message>
        <source>{provider} was switched on.</source>
        <translation>{provider} wurde eingeschaltet.</translation>
    </message>
    <message>
        <source>{provider}: {why}</source>
        <translation>{provider}: {why}</translation>
    </message>
    <message>
        <source>{provider}: {why} Tried again at {time}.</source>
        <translation>{provider}: {why} Neuer Versuch um {time}.</translation>
    </message>
    <message>
        <source>{said}</source>
        <translation>{said}</translation>
    </message>
    <message>
        <source>{username}&apos;s key for {vendor}: {error}</source>
        <translation>Schlüssel von {username} für {vendor}: {error}</translation>
    </message>
    <message>
        <source>{what}: {error}</source>
        <translation>{what}: {error}</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>&apos;{app}&apos; has a key already: revoke that first, or give another name.</source>
        <translation>„{app}“ hat schon einen Schlüssel: widerrufen Sie ihn zuerst, oder geben Sie einen anderen Namen an.</translation>
    </message>
    <message>
        <source>&apos;{app}&apos; has no key for {username}.</source>
        <translation>„{app}“ hat keinen Schlüssel für {username}.</translation>
    </message>
    <message>
        <source>An order names each provider once.</source>
        <translation>Eine Reihenfolge nennt jeden Anbieter einmal.</translation>
    </message>
    <message>
        <source>It asked us to wait.</source>
        <translation>Er bat uns zu warten.</translation>
    </message>
    <message>
        <source>No price of {model} is known: the daily limit of {provider} cannot be kept. Set its price.</source>
        <translation>Kein Preis von {model} ist bekannt: Die Tagesgrenze von {provider} ist nicht einzuhalten. Setzen Sie den Preis.</translation>
    </message>
    <message>
        <source>The daily limit: {error} 0 is none.</source>
        <translation>Die Tagesgrenze: {error} 0 ist keine.</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>enabled is either on or off.</source>
        <translation>enabled ist entweder an oder aus.</translation>
    </message>
    <message>
        <source>give it for this session only</source>
        <translation>geben Sie ihn nur für diese Sitzung ein</translation>
    </message>
    <message>
        <source>it did not answer within {timeout_s} seconds; it may be locked</source>
        <translation>er antwortete nicht innerhalb von {timeout_s} Sekunden; vielleicht ist er gesperrt</translation>
    </message>
    <message>
        <source>it does not give back what it was given</source>
        <translation>er gibt nicht zurück, was er bekommen hat</translation>
    </message>
    <message>
        <source>it failed ({kind})</source>
        <translation>er ist gescheitert ({kind})</translation>
    </message>
    <message>
        <source>it is locked</source>
        <translation>er ist gesperrt</translation>
    </message>
    <message>
        <source>it is locked or not running</source>
        <translation>er ist gesperrt oder läuft nicht</translation>
    </message>
    <message>
        <source>it refused to keep the key</source>
        <translation>er hat den Schlüssel nicht angenommen</translation>
    </message>
    <message>
        <source>it refused to remove the key</source>
        <translation>er hat den Schlüssel nicht entfernt</translation>
    </message>
    <message>
        <source>it was closed first</source>
        <translation>sie wurde vorher geschlossen</translation>
    </message>
    <message>
        <source>it would write keys in plain text</source>
        <translation>er würde Schlüssel im Klartext speichern</translation>
    </message>
    <message>
        <source>on all its addresses</source>
        <translation>an allen seinen Adressen</translation>
    </message>
    <message>
        <source>on or off</source>
        <translation>an oder aus</translation>
    </message>
    <message>
        <source>on this computer alone</source>
        <translation>nur auf diesem Computer</translation>
    </message>
    <message>
        <source>set the environment variable {variables} instead</source>
        <translation>setzen Sie stattdessen die Umgebungsvariable {variables}</translation>
    </message>
    <message>
        <source>this system has none</source>
        <translation>dieses System hat keinen</translation>
    </message>
    <message>
        <source>write it as 192.168.0.5 or 192.168.0.0/24</source>
        <translation>schreiben Sie es als 192.168.0.5 oder 192.168.0.0/24</translation>
    </message>
    <message>
        <source>write it as http://192.168.0.5:8123</source>
        <translation>schreiben Sie es als http://192.168.0.5:8123</translation>
    </message>
    <message>
        <source>{address} is not on the blacklist.</source>
        <translation>{address} steht nicht auf der Sperrliste.</translation>
    </message>
    <message>
        <source>{address} is on the blacklist already.</source>
        <translation>{address} steht schon auf der Sperrliste.</translation>
    </message>
    <message>
        <source>{by} replied, but did not read the number in the test picture.</source>
        <translation>{by} hat geantwortet, aber die Zahl im Testbild nicht gelesen.</translation>
    </message>
    <message>
        <source>{by} works and read the test picture.</source>
        <translation>{by} funktioniert und hat das Testbild gelesen.</translation>
    </message>
    <message>
        <source>{database} cannot be read: {error}.</source>
        <translation>{database} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <source>{field} has at most 200 printable characters.</source>
        <translation>{field} hat höchstens 200 druckbare Zeichen.</translation>
    </message>
    <message>
        <source>{field} is a whole number from 0 (no limit) to {most}.</source>
        <translation>{field} ist eine ganze Zahl von 0 (keine Grenze) bis {most}.</translation>
    </message>
    <message>
        <source>{ip} is not paired with {name}.</source>
        <translation>{ip} ist nicht mit {name} gekoppelt.</translation>
    </message>
    <message>
        <source>{key} is the same for all profiles.</source>
        <translation>{key} ist für alle Profile gleich.</translation>
    </message>
    <message>
        <source>{key} must be {wanted}, not &apos;{text}&apos;.</source>
        <translation>{key} muss {wanted} sein, nicht „{text}“.</translation>
    </message>
    <message>
        <source>{key} must be {wanted}.</source>
        <translation>{key} muss {wanted} sein.</translation>
    </message>
    <message>
        <source>{key}: &apos;{part}&apos; is not right: {error}.</source>
        <translation>{key}: „{part}“ stimmt nicht: {error}.</translation>
    </message>
    <message>
        <source>{kind} from {minimum} to {maximum}</source>
        <translation>{kind} von {minimum} bis {maximum}</translation>
    </message>
    <message>
        <source>{kind} from {minimum} to {maximum} characters</source>
        <translation>{kind} von {minimum} bis {maximum} Zeichen</translation>
    </message>
    <message>
        <source>{kind} of at least {minimum}</source>
        <translation>{kind} ab {minimum}</translation>
    </message>
    <message>
        <source>{label} answers at {address}: set that as its address.</source>
        <translation>{label} antwortet unter {address}: Tragen Sie das als Adresse ein.</translation>
    </message>
    <message>
        <source>{label} cannot be reached.</source>
        <translation>{label} ist nicht zu erreichen.</translation>
    </message>
    <message>
        <source>{label} cannot be used from this country.</source>
        <translation>{label} kann aus diesem Land nicht benutzt werden.</translation>
    </message>
    <message>
        <source>{label} could not use this picture.</source>
        <translation>{label} konnte dieses Bild nicht gebrauchen.</translation>
    </message>
    <message>
        <source>{label} declined to answer about this picture.</source>
        <translation>{label} wollte zu diesem Bild nicht antworten.</translation>
    </message>
    <message>
        <source>{label} did not accept the request.</source>
        <translation>{label} hat die Anfrage nicht angenommen.</translation>
    </message>
    <message>
        <source>{label} does not let this key in.</source>
        <translation>{label} lässt diesen Schlüssel nicht zu.</translation>
    </message>
    <message>
        <source>{label} gave an empty answer.</source>
        <translation>{label} gab eine leere Antwort.</translation>
    </message>
    <message>
        <source>{label} gave no answer.</source>
        <translation>{label} gab keine Antwort.</translation>
    </message>
    <message>
        <source>{label} has no credit left. Check the account there.</source>
        <translation>{label} hat kein Guthaben mehr. Prüfen Sie das Konto dort.</translation>
    </message>
    <message>
        <source>{label} has no free use of {model}. It needs an account with billing.</source>
        <translation>{label} bietet {model} nicht kostenlos an. Es braucht ein Konto mit Abrechnung.</translation>
    </message>
    <message>
        <source>{label} has no list of models at this address. Check it.</source>
        <translation>{label} hat unter dieser Adresse keine Liste von Modellen. Prüfen Sie sie.</translation>
    </message>
    <message>
        <source>{label} has nothing at this address, or not yet.</source>
        <translation>{label} hat unter dieser Adresse nichts, oder noch nichts.</translation>
    </message>
    <message>
        <source>{label} is overloaded or out of order.</source>
        <translation>{label} ist überlastet oder außer Betrieb.</translation>
    </message>
    <message>
        <source>{label} is still loading its model.</source>
        <translation>{label} lädt sein Modell noch.</translation>
    </message>
    <message>
        <source>{label} no longer serves the model {model}.</source>
        <translation>{label} bietet das Modell {model} nicht mehr an.</translation>
    </message>
    <message>
        <source>{label} offers {model} under other privacy settings alone. Change them in the account there.</source>
        <translation>{label} bietet {model} nur bei anderen Datenschutz-Einstellungen an. Ändern Sie diese dort im Konto.</translation>
    </message>
    <message>
        <source>{label} refused the key.</source>
        <translation>{label} hat den Schlüssel abgelehnt.</translation>
    </message>
    <message>
        <source>{label} reported an error.</source>
        <translation>{label} meldete einen Fehler.</translation>
    </message>
    <message>
        <source>{label} sent nothing.</source>
        <translation>{label} hat nichts geschickt.</translation>
    </message>
    <message>
        <source>{label} sent something that is not a list of models.</source>
        <translation>{label} hat etwas geschickt, das keine Liste von Modellen ist.</translation>
    </message>
    <message>
        <source>{label} sent something that is not a reply.</source>
        <translation>{label} hat etwas geschickt, das keine Antwort ist.</translation>
    </message>
    <message>
        <source>{label} took too long.</source>
        <translation>{label} hat zu lange gebraucht.</translation>
    </message>
    <message>
        <source>{label} was asked too often.</source>
        <translation>{label} wurde zu oft gefragt.</translation>
    </message>
    <message>
        <source>{label}&apos;s answer was cut off.</source>
        <translation>Die Antwort von {label} war abgeschnitten.</translation>
    </message>
    <message>
        <source>{label}&apos;s reply is too long.</source>
        <translation>Die Antwort von {label} ist zu lang.</translation>
    </message>
    <message>
        <source>{model} cannot see pictures. Choose a model that can.</source>
        <translation>{model} kann keine Bilder sehen. Wählen Sie ein Modell, das es kann.</translation>
    </message>
    <message>
        <source>{name} came with the program: it can be disabled, not removed.</source>
        <translation>{name} gehört zum Programm: es lässt sich ausschalten, nicht entfernen.</translation>
    </message>
    <message>
        <source>{name} did not reply within {limit_s} s.</source>
        <translation>{name} hat innerhalb von {limit_s} s nicht geantwortet.</translation>
    </message>
    <message>
        <source>{name} has no key.</source>
        <translation>{name} hat keinen Schlüssel.</translation>
    </message>
    <message>
        <source>{name} holds what no backup of this program does.</source>
        <translation>{name} enthält, was in keiner Sicherung dieses Programms steht.</translation>
    </message>
    <message>
        <source>{name} is no backup of this program, or it is damaged.</source>
        <translation>{name} ist keine Sicherung dieses Programms, oder sie ist beschädigt.</translation>
    </message>
    <message>
        <source>{name} is no copy of this program&apos;s database, is damaged, or of a newer version.</source>
        <translation>{name} ist keine Kopie der Datenbank dieses Programms, ist beschädigt oder von einer neueren Version.</translation>
    </message>
    <message>
        <source>{name} is there already: choose another name.</source>
        <translation>{name} gibt es schon: wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>{name} no longer serves {model}. {successor} works and read the test picture: choose that.</source>
        <translation>{name} bietet {model} nicht mehr an. {successor} funktioniert und hat das Testbild gelesen: Wählen Sie das.</translation>
    </message>
    <message>
        <source>{name} was made by a newer version of this program: install that first.</source>
        <translation>{name} stammt von einer neueren Version dieses Programms: installieren Sie diese zuerst.</translation>
    </message>
    <message>
        <source>{name}: {error}</source>
        <translation>{name}: {error}</translation>
    </message>
    <message>
        <source>{number} frames of profiles that are not there were left out.</source>
        <translation>{number} Bilder von Profilen, die es nicht gibt, wurden ausgelassen.</translation>
    </message>
    <message>
        <source>{number} pictures that are missing, damaged or too large were left out.</source>
        <translation>{number} Fotos, die fehlen, beschädigt oder zu groß sind, wurden ausgelassen.</translation>
    </message>
    <message>
        <source>{number} pictures that lie outside {folder} were left out.</source>
        <translation>{number} Fotos, die außerhalb von {folder} liegen, wurden ausgelassen.</translation>
    </message>
    <message>
        <source>{port} is not a port: they go from 1 to {last_port}.</source>
        <translation>{port} ist kein Port: sie gehen von 1 bis {last_port}.</translation>
    </message>
    <message>
        <source>{provider} does not list {model}. Choose another one, such as {other}.</source>
        <translation>{provider} führt {model} nicht. Wählen Sie ein anderes, etwa {other}.</translation>
    </message>
    <message>
        <source>{provider} does not list {model}. Choose another one.</source>
        <translation>{provider} führt {model} nicht. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{provider} no longer serves {model}. For a week {successor} is asked instead: choose a model to stay.</source>
        <translation>{provider} bietet {model} nicht mehr an. Eine Woche lang wird {successor} gefragt: Wählen Sie ein Modell, das bleibt.</translation>
    </message>
    <message>
        <source>{sentence} Port {free} is free {where} ({other}).</source>
        <translation>{sentence} Port {free} ist {where} frei ({other}).</translation>
    </message>
    <message>
        <source>{sentence} Port {free} is free.</source>
        <translation>{sentence} Port {free} ist frei.</translation>
    </message>
    <message>
        <source>{sentence} {hint}</source>
        <translation>{sentence} {hint}</translation>
    </message>
    <message>
        <source>{text} holds every IPv4 address, this computer&apos;s own too.</source>
        <translation>{text} enthält alle IPv4-Adressen, auch die dieses Computers.</translation>
    </message>
    <message>
        <source>{text} is or holds this computer&apos;s own address, which cannot be blacklisted.</source>
        <translation>{text} ist oder enthält die Adresse dieses Computers, die nicht gesperrt werden kann.</translation>
    </message>
</context>
<context>
    <name>export_front</name>
    <message>
        <source>Answered by</source>
        <translation>Beantwortet von</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Frames by hour</source>
        <translation>Bilder nach Stunde</translation>
    </message>
    <message>
        <source>How they ended</source>
        <translation>Wie sie endeten</translation>
    </message>
    <message>
        <source>Median time</source>
        <translation>Mittlere Dauer</translation>
    </message>
    <message>
        <source>More than one AI was asked</source>
        <translation>Mehr als eine KI wurde gefragt</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>Keine Antwort</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
</context>
<context>
    <name>exports</name>
    <message>
        <source>Only the newest {most} are printed; CSV and HTML take all.</source>
        <translation>Nur die neuesten {most} sind gedruckt; CSV und HTML nehmen alle.</translation>
    </message>
    <message>
        <source>Only the newest {most} have a picture here.</source>
        <translation>Nur die neuesten {most} haben hier ein Bild.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>The file could not be written: {why}.</source>
        <translation>Die Datei konnte nicht geschrieben werden: {why}.</translation>
    </message>
</context>
<context>
    <name>import_dialog</name>
    <message>
        <source>The folder with {file}</source>
        <translation>Der Ordner mit {file}</translation>
    </message>
</context>
<context>
    <name>language</name>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
</context>
<context>
    <name>latency_view</name>
    <message>
        <source>This server</source>
        <translation>Dieser Server</translation>
    </message>
    <message>
        <source>    whole replies: half within {p50}, 95 % within {p95}</source>
        <translation>    ganze Antworten: die Hälfte in {p50}, 95 % in {p95}</translation>
    </message>
    <message>
        <source>On the glasses</source>
        <translation>In der Brille</translation>
    </message>
    <message>
        <source>Shown in the chart where it is ticked</source>
        <translation>Wird im Diagramm gezeigt, wo der Haken steht</translation>
    </message>
    <message>
        <source>{count} × {kind}</source>
        <translation>{count} × {kind}</translation>
    </message>
    <message>
        <source>{name}: half within {p50}, 95 % within {p95}, calls: {count}</source>
        <translation>{name}: die Hälfte in {p50}, 95 % in {p95}, Anfragen: {count}</translation>
    </message>
    <message>
        <source>{name}: half within {p50}, 95 % within {p95}, frames: {count}</source>
        <translation>{name}: die Hälfte in {p50}, 95 % in {p95}, Bilder: {count}</translation>
    </message>
    <message>
        <source>{begin} to {end}</source>
        <translation>{begin} bis {end}</translation>
    </message>
</context>
<context>
    <name>model</name>
    <message>
        <source>1 more of the same scene, {time}</source>
        <translation>1 weiteres Bild derselben Szene, {time}</translation>
    </message>
    <message>
        <source>The picture was the same as a moment before, and so was the answer: no AI was asked.</source>
        <translation>Das Bild war dasselbe wie einen Moment vorher und die Antwort auch: Es wurde keine KI gefragt.</translation>
    </message>
    <message>
        <source>{line}; Enter closes it</source>
        <translation>{line}; Eingabetaste schließt sie</translation>
    </message>
    <message>
        <source>{line}; Enter opens it</source>
        <translation>{line}; Eingabetaste öffnet sie</translation>
    </message>
    <message>
        <source>{number} more of the same scene, {begin} to {end}</source>
        <translation>{number} weitere Bilder derselben Szene, {begin} bis {end}</translation>
    </message>
</context>
<context>
    <name>pdf_report</name>
    <message>
        <source>the disk took no page</source>
        <translation>die Platte nahm keine Seite an</translation>
    </message>
</context>
<context>
    <name>picked</name>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>The picture on the clipboard cannot be read.</source>
        <translation>Das Bild in der Zwischenablage ist nicht lesbar.</translation>
    </message>
    <message>
        <source>The picture is larger than {mb} MB, the most that is taken.</source>
        <translation>Das Bild ist größer als {mb} MB, mehr wird nicht angenommen.</translation>
    </message>
    <message>
        <source>The file cannot be read: {why}.</source>
        <translation>Die Datei ist nicht lesbar: {why}.</translation>
    </message>
</context>
<context>
    <name>prompts</name>
    <message>
        <source>Read signs</source>
        <translation>Schilder vorlesen</translation>
    </message>
    <message>
        <source>Read out every sign, label and notice in view, word for word, the nearest first. Leave out what is too small to be read. When there is nothing to read, say so.</source>
        <translation>Lies jedes Schild, Etikett und jeden Aushang im Bild Wort für Wort vor, das Nächste zuerst. Lass weg, was zu klein zum Lesen ist. Gibt es nichts zu lesen, sag das.</translation>
    </message>
    <message>
        <source>Translate</source>
        <translation>Übersetzen</translation>
    </message>
    <message>
        <source>Translate all text in view into English. Give the translation alone, in the order in which one would read it, and keep names, numbers and prices as they are.</source>
        <translation>Übersetze allen Text im Bild ins Deutsche. Gib nur die Übersetzung, in der Reihenfolge, in der man ihn läse, und lass Namen, Zahlen und Preise, wie sie sind.</translation>
    </message>
    <message>
        <source>Describe for low vision</source>
        <translation>Beschreiben bei Sehschwäche</translation>
    </message>
    <message>
        <source>Describe what is in front of me for somebody who sees poorly. Begin with what matters most, say where it is (left, right, ahead) and about how far. Then people, things in the way, and what is written. Short sentences.</source>
        <translation>Beschreibe für jemanden, der schlecht sieht, was vor mir ist. Beginne mit dem Wichtigsten, sag, wo es ist (links, rechts, voraus) und wie weit etwa. Dann Menschen, Dinge im Weg, und was geschrieben steht. Kurze Sätze.</translation>
    </message>
    <message>
        <source>Solve</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Solve the exercise or answer the question in view. The result first, then the steps in brief. When part of it cannot be read, say which part.</source>
        <translation>Löse die Aufgabe oder beantworte die Frage im Bild. Zuerst das Ergebnis, dann kurz die Schritte. Ist ein Teil nicht lesbar, sag, welcher.</translation>
    </message>
    <message>
        <source>Safety</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Tell me what could hurt me: traffic, steps, edges, things at head height, hot or sharp things, warning signs. The nearest first, each with its direction. When you see none, say that you see none, never that it is safe.</source>
        <translation>Sag mir, woran ich mich verletzen könnte: Verkehr, Stufen, Kanten, Dinge in Kopfhöhe, Heißes oder Scharfes, Warnschilder. Das Nächste zuerst, jedes mit seiner Richtung. Siehst du nichts, sag, dass du nichts siehst, nie, dass es sicher ist.</translation>
    </message>
</context>
<context>
    <name>reasons</name>
    <message>
        <source>A judge was asked: {why}</source>
        <translation>Ein Schiedsrichter wurde gefragt: {why}</translation>
    </message>
    <message>
        <source>No AI gave an answer: this is what this computer saw by itself.</source>
        <translation>Keine KI gab eine Antwort: Das ist, was dieser Computer selbst gesehen hat.</translation>
    </message>
    <message>
        <source>Nobody gave an answer.</source>
        <translation>Niemand hat geantwortet.</translation>
    </message>
    <message>
        <source>Nobody was sure alone, but two gave the same answer.</source>
        <translation>Allein war niemand sicher, aber zwei gaben dieselbe Antwort.</translation>
    </message>
    <message>
        <source>Nobody was sure, and no judge decided: the likeliest answer was taken.</source>
        <translation>Niemand war sicher, und kein Schiedsrichter hat entschieden: die wahrscheinlichste Antwort wurde genommen.</translation>
    </message>
    <message>
        <source>The judge chose {provider}: {why}</source>
        <translation>Der Schiedsrichter wählte {provider}: {why}</translation>
    </message>
    <message>
        <source>The judge made one answer of several: {why}</source>
        <translation>Der Schiedsrichter machte aus mehreren eine Antwort: {why}</translation>
    </message>
    <message>
        <source>The picture itself told that nothing can be made out: no AI had to be asked.</source>
        <translation>Das Foto selbst zeigte, dass nichts zu erkennen ist: keine KI musste gefragt werden.</translation>
    </message>
    <message>
        <source>The picture was the same as a moment before, and so is the answer.</source>
        <translation>Das Foto war dasselbe wie eben, und so auch die Antwort.</translation>
    </message>
    <message>
        <source>The words stood on the glasses {time} before all of the reply had come.</source>
        <translation>Die Worte standen {time} früher auf der Brille, als die ganze Antwort da war.</translation>
    </message>
    <message>
        <source>it gave no reason</source>
        <translation>ohne Begründung</translation>
    </message>
    <message>
        <source>{name} alone gave an answer, and was not sure of it.</source>
        <translation>Nur {name} hat geantwortet, und war nicht sicher.</translation>
    </message>
    <message>
        <source>{name} was sure enough, so nobody else had to be asked.</source>
        <translation>{name} war sicher genug, also musste niemand sonst gefragt werden.</translation>
    </message>
</context>
<context>
    <name>restoring</name>
    <message>
        <source>Nothing was restored, everything is as it was. {why}</source>
        <translation>Nichts wurde zurückgeholt, alles ist, wie es war. {why}</translation>
    </message>
    <message>
        <source>The backup is restored, pictures: {pictures}.</source>
        <translation>Die Sicherung ist zurückgeholt, Fotos: {pictures}.</translation>
    </message>
    <message>
        <source>The copy of the database is restored; the pictures stay as they are.</source>
        <translation>Die Kopie der Datenbank ist zurückgeholt; die Fotos bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>The restore was cancelled: everything is as it was.</source>
        <translation>Das Zurückholen wurde abgebrochen: Alles ist, wie es war.</translation>
    </message>
</context>
<context>
    <name>sections</name>
    <message>
        <source>This program</source>
        <translation>Dieses Programm</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>Ihre Daten</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Asking the AIs</source>
        <translation>KIs fragen</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Privacy and history</source>
        <translation>Privatsphäre, Verlauf</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>Andere Programme</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Webhook</translation>
    </message>
    <message>
        <source>Home Assistant (MQTT)</source>
        <translation>Home Assistant (MQTT)</translation>
    </message>
    <message>
        <source>New versions</source>
        <translation>Neue Versionen</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>They count for every profile without a value of its own.</source>
        <translation>Sie gelten für jedes Profil ohne eigenen Wert.</translation>
    </message>
    <message>
        <source>It counts for every profile without an address of its own.</source>
        <translation>Sie gilt für jedes Profil ohne eigene Adresse.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>The address the server listens on; 127.0.0.1 keeps it to this computer.</source>
        <translation>Die Adresse, auf der der Server lauscht; 127.0.0.1 beschränkt ihn auf diesen Computer.</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>The port the phone app connects to.</source>
        <translation>Der Port, mit dem sich die Telefon-App verbindet.</translation>
    </message>
    <message>
        <source>Extra host names</source>
        <translation>Weitere Rechnernamen</translation>
    </message>
    <message>
        <source>Accept tokens only</source>
        <translation>Nur Token annehmen</translation>
    </message>
    <message>
        <source>Trusted proxies</source>
        <translation>Vertraute Proxys</translation>
    </message>
    <message>
        <source>Web pages that may ask</source>
        <translation>Webseiten, die fragen dürfen</translation>
    </message>
    <message>
        <source>Let phones find this computer</source>
        <translation>Telefone finden diesen Computer</translation>
    </message>
    <message>
        <source>Announces its address on the local network: no names, no keys.</source>
        <translation>Gibt seine Adresse im lokalen Netz bekannt: keine Namen, keine Schlüssel.</translation>
    </message>
    <message>
        <source>A paired address is no longer enough. Leave it off: the phone app of today sends no token.</source>
        <translation>Eine gekoppelte Adresse genügt nicht mehr. Lassen Sie es aus: Die Telefon-App von heute sendet kein Token.</translation>
    </message>
    <message>
        <source>Key attempts a minute</source>
        <translation>Schlüsselversuche je Minute</translation>
    </message>
    <message>
        <source>So many one after the other; then an AI is asked all the same. 0 = none.</source>
        <translation>So viele nacheinander; dann wird doch eine KI gefragt. 0 = keines.</translation>
    </message>
    <message>
        <source>The learned order</source>
        <translation>Die gelernte Reihenfolge</translation>
    </message>
    <message>
        <source>The next provider is asked beside one that takes longer than it usually does; 0 = never.</source>
        <translation>Neben einem Anbieter, der länger braucht als gewöhnlich, wird der nächste gefragt; 0 = nie.</translation>
    </message>
    <message>
        <source>Then the best of them is shown. Failures do not count.</source>
        <translation>Dann wird die beste davon gezeigt. Fehlschläge zählen nicht.</translation>
    </message>
    <message>
        <source>Usually empty. Pages of other programs, by their origin, as http://192.168.0.5:8123.</source>
        <translation>Meist leer. Seiten anderer Programme, mit ihrem Ursprung, wie http://192.168.0.5:8123.</translation>
    </message>
    <message>
        <source>When AIs disagree, one of them chooses.</source>
        <translation>Sind KIs uneins, wählt eine von ihnen.</translation>
    </message>
    <message>
        <source>Where the question, or a first answer, suggests it.</source>
        <translation>Wo die Frage oder eine erste Antwort es nahelegt.</translation>
    </message>
    <message>
        <source>Who asks without a picture asks about what the glasses sent last, if that is no older; 0 = never.</source>
        <translation>Wer ohne Bild fragt, fragt nach dem, was die Brille zuletzt gesendet hat, wenn das nicht älter ist; 0 = nie.</translation>
    </message>
    <message>
        <source>Whom to ask first</source>
        <translation>Wer zuerst gefragt wird</translation>
    </message>
    <message>
        <source>Per device; 0 = no limit.</source>
        <translation>Je Gerät; 0 = keine Grenze.</translation>
    </message>
    <message>
        <source>Profile calls a minute</source>
        <translation>Profilabrufe je Minute</translation>
    </message>
    <message>
        <source>Frames an hour</source>
        <translation>Bilder je Stunde</translation>
    </message>
    <message>
        <source>Largest upload in MB</source>
        <translation>Größte Sendung in MB</translation>
    </message>
    <message>
        <source>A larger body is refused.</source>
        <translation>Eine größere wird abgelehnt.</translation>
    </message>
    <message>
        <source>Then the next one is asked.</source>
        <translation>Dann wird der nächste gefragt.</translation>
    </message>
    <message>
        <source>Local models load slowly the first time.</source>
        <translation>Lokale Modelle laden beim ersten Mal langsam.</translation>
    </message>
    <message>
        <source>Ask in this order</source>
        <translation>In dieser Reihenfolge fragen</translation>
    </message>
    <message>
        <source>Providers, separated by commas; the others follow.</source>
        <translation>Anbieter, durch Kommas getrennt; die anderen folgen.</translation>
    </message>
    <message>
        <source>Providers, separated by commas.</source>
        <translation>Anbieter, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>0 = automatic: 20, or 75 where a server on the local network is asked.</source>
        <translation>0 = automatisch: 20, oder 75, wo ein Server im lokalen Netz gefragt wird.</translation>
    </message>
    <message>
        <source>A page for browsers</source>
        <translation>Eine Seite für Browser</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>Agenten</translation>
    </message>
    <message>
        <source>An answer ends the search when the chance that it is wrong is at most this, 0 to 1.</source>
        <translation>Eine Antwort beendet die Suche, wenn sie höchstens mit dieser Wahrscheinlichkeit falsch ist, 0 bis 1.</translation>
    </message>
    <message>
        <source>An answer that is not sure enough ends in a question mark.</source>
        <translation>Eine Antwort, die nicht sicher genug ist, endet mit einem Fragezeichen.</translation>
    </message>
    <message>
        <source>Answers as they come</source>
        <translation>Antworten, sobald sie kommen</translation>
    </message>
    <message>
        <source>Answers go to your broker; Home Assistant finds them by itself.</source>
        <translation>Antworten gehen an Ihren Broker; Home Assistant findet sie von selbst.</translation>
    </message>
    <message>
        <source>Ask about the newest picture for seconds</source>
        <translation>So viele Sekunden nach dem neuesten Bild fragen</translation>
    </message>
    <message>
        <source>Ask first about a scene</source>
        <translation>Bei einer Szene zuerst fragen</translation>
    </message>
    <message>
        <source>Ask first about maths</source>
        <translation>Bei Mathematik zuerst fragen</translation>
    </message>
    <message>
        <source>Ask first to read text</source>
        <translation>Zum Lesen von Text zuerst fragen</translation>
    </message>
    <message>
        <source>Ask first to translate</source>
        <translation>Zum Übersetzen zuerst fragen</translation>
    </message>
    <message>
        <source>Ask for the long form</source>
        <translation>Nach der langen Fassung fragen</translation>
    </message>
    <message>
        <source>At /metrics.</source>
        <translation>Unter /metrics.</translation>
    </message>
    <message>
        <source>At the limit only free and local providers are asked until midnight; 0 = no limit.</source>
        <translation>An der Grenze werden bis Mitternacht nur kostenlose und lokale Anbieter gefragt; 0 = keine Grenze.</translation>
    </message>
    <message>
        <source>Blur faces before an AI sees them</source>
        <translation>Gesichter unkenntlich machen, bevor eine KI sie sieht</translation>
    </message>
    <message>
        <source>Broker</source>
        <translation>Broker</translation>
    </message>
    <message>
        <source>Broker&apos;s port</source>
        <translation>Port des Brokers</translation>
    </message>
    <message>
        <source>By the Model Context Protocol, at /mcp.</source>
        <translation>Über das Model Context Protocol, unter /mcp.</translation>
    </message>
    <message>
        <source>Dark or blurred pictures that get a hint</source>
        <translation>Dunkle oder unscharfe Bilder, die einen Hinweis bekommen</translation>
    </message>
    <message>
        <source>Each answer to the glasses is posted to the address that is set for it.</source>
        <translation>Jede Antwort an die Brille wird an die dafür gesetzte Adresse gesendet.</translation>
    </message>
    <message>
        <source>Empty where the broker asks for none.</source>
        <translation>Leer, wenn der Broker keinen verlangt.</translation>
    </message>
    <message>
        <source>Encrypt what the broker gets (TLS)</source>
        <translation>Verschlüsselt zum Broker (TLS)</translation>
    </message>
    <message>
        <source>Faces that are found are blurred in the photo that is sent and kept. Some can be missed.</source>
        <translation>Gefundene Gesichter werden in dem Foto, das gesendet und behalten wird, unkenntlich gemacht. Manche können übersehen werden.</translation>
    </message>
    <message>
        <source>Figures for Prometheus</source>
        <translation>Zahlen für Prometheus</translation>
    </message>
    <message>
        <source>For a second screen or a program, at /events.</source>
        <translation>Für einen zweiten Bildschirm oder ein Programm, unter /events.</translation>
    </message>
    <message>
        <source>Home Assistant and others, at /api/chat.</source>
        <translation>Home Assistant und andere, unter /api/chat.</translation>
    </message>
    <message>
        <source>How to connect, and the live answer, at this address.</source>
        <translation>Wie man sich verbindet, und die laufende Antwort, unter dieser Adresse.</translation>
    </message>
    <message>
        <source>Its certificate must be one that this computer trusts.</source>
        <translation>Sein Zertifikat muss eines sein, dem dieser Computer vertraut.</translation>
    </message>
    <message>
        <source>Its name or address, as homeassistant.local.</source>
        <translation>Sein Name oder seine Adresse, wie homeassistant.local.</translation>
    </message>
    <message>
        <source>Keep their pictures</source>
        <translation>Ihre Bilder behalten</translation>
    </message>
    <message>
        <source>Largest risk</source>
        <translation>Größtes Risiko</translation>
    </message>
    <message>
        <source>Largest risk for text and maths</source>
        <translation>Größtes Risiko bei Text und Rechnen</translation>
    </message>
    <message>
        <source>Learned: by how often each was right, what it costs and how long it takes. Two at once answer sooner and cost up to twice as much.</source>
        <translation>Gelernt: danach, wie oft jeder recht hatte, was er kostet und wie lange er braucht. Zwei zugleich antworten früher und kosten bis zu doppelt so viel.</translation>
    </message>
    <message>
        <source>Let one AI compare the answers</source>
        <translation>Eine KI die Antworten vergleichen lassen</translation>
    </message>
    <message>
        <source>Longest wait for a local server in seconds</source>
        <translation>Längste Zeit für einen lokalen Server in Sekunden</translation>
    </message>
    <message>
        <source>Longest wait for an answer in seconds</source>
        <translation>Längste Zeit bis zur Antwort in Sekunden</translation>
    </message>
    <message>
        <source>Longest wait for one AI in seconds</source>
        <translation>Längste Zeit für eine KI in Sekunden</translation>
    </message>
    <message>
        <source>Look for new versions</source>
        <translation>Nach neuen Versionen sehen</translation>
    </message>
    <message>
        <source>MQTT</source>
        <translation>MQTT</translation>
    </message>
    <message>
        <source>Most answers of one frame</source>
        <translation>Höchstens so viele Antworten je Bild</translation>
    </message>
    <message>
        <source>My order</source>
        <translation>Meine Reihenfolge</translation>
    </message>
    <message>
        <source>Names under which this computer may be called, besides its own.</source>
        <translation>Namen, unter denen dieser Computer außer seinem eigenen angesprochen werden darf.</translation>
    </message>
    <message>
        <source>Never more than five lines of 24; 0 = the whole answer.</source>
        <translation>Nie mehr als fünf Zeilen zu 24; 0 = die ganze Antwort.</translation>
    </message>
    <message>
        <source>Off: of what programs ask, the history keeps the words alone.</source>
        <translation>Aus: von dem, was Programme fragen, behält der Verlauf nur die Worte.</translation>
    </message>
    <message>
        <source>Off: only words and figures leave this computer.</source>
        <translation>Aus: Nur Worte und Zahlen verlassen diesen Computer.</translation>
    </message>
    <message>
        <source>Off: providers are asked for the words on the glasses alone, which costs less.</source>
        <translation>Aus: Anbieter werden nur nach den Worten für die Brille gefragt, das kostet weniger.</translation>
    </message>
    <message>
        <source>Once a day this computer asks where new versions are told of whether there is one. Nothing of yours is sent.</source>
        <translation>Einmal am Tag fragt dieser Computer dort nach, wo neue Versionen bekannt gegeben werden. Von Ihnen wird nichts gesendet.</translation>
    </message>
    <message>
        <source>Open WebUI, llm, OpenGlasses and many more ask here what they ask there: /v1/chat/completions.</source>
        <translation>Open WebUI, llm, OpenGlasses und viele mehr fragen hier, was sie dort fragen: /v1/chat/completions.</translation>
    </message>
    <message>
        <source>Other glasses&apos; uploads</source>
        <translation>Bilder anderer Brillen</translation>
    </message>
    <message>
        <source>Pictures as Mentra, Noa and others send them.</source>
        <translation>Bilder, wie Mentra, Noa und andere sie senden.</translation>
    </message>
    <message>
        <source>Programs that speak to Ollama</source>
        <translation>Programme, die mit Ollama sprechen</translation>
    </message>
    <message>
        <source>Programs that speak to OpenAI</source>
        <translation>Programme, die mit OpenAI sprechen</translation>
    </message>
    <message>
        <source>Read along on this computer</source>
        <translation>Auf diesem Computer mitlesen</translation>
    </message>
    <message>
        <source>Reuse an answer for seconds</source>
        <translation>Antwort wiederverwenden, Sekunden</translation>
    </message>
    <message>
        <source>Show doubt</source>
        <translation>Zweifel zeigen</translation>
    </message>
    <message>
        <source>Show it the last picture</source>
        <translation>Ihm das letzte Bild zeigen</translation>
    </message>
    <message>
        <source>Slow calls that get a second one, in percent</source>
        <translation>Langsame Anfragen mit einer zweiten daneben, in Prozent</translation>
    </message>
    <message>
        <source>So many frames with a sure answer are put to the next provider too, once the answer is out: it tells how often the first one is right. 0 = none.</source>
        <translation>So viele Bilder mit sicherer Antwort bekommt danach auch der nächste Anbieter: Das zeigt, wie oft der erste recht hat. 0 = keine.</translation>
    </message>
    <message>
        <source>Sure answers that are checked, in percent</source>
        <translation>Sichere Antworten, die geprüft werden, in Prozent</translation>
    </message>
    <message>
        <source>Two at once</source>
        <translation>Zwei zugleich</translation>
    </message>
    <message>
        <source>User at the broker</source>
        <translation>Benutzer beim Broker</translation>
    </message>
    <message>
        <source>Usually 1883, with TLS 8883.</source>
        <translation>Meist 1883, mit TLS 8883.</translation>
    </message>
    <message>
        <source>With a proxy of your own in front: its address or range. It may say for whom it asks.</source>
        <translation>Mit einem eigenen Proxy davor: seine Adresse oder sein Bereich. Er darf sagen, für wen er fragt.</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Webhook</translation>
    </message>
    <message>
        <source>Webhook&apos;s address</source>
        <translation>Adresse des Webhooks</translation>
    </message>
    <message>
        <source>Where each answer to the glasses is posted as JSON, once the webhook is switched on; empty = nowhere.</source>
        <translation>Wohin jede Antwort an die Brille als JSON gesendet wird, sobald der Webhook eingeschaltet ist; leer = nirgendwohin.</translation>
    </message>
    <message>
        <source>Where text is likely, the reader here reads the photo while a provider is asked: numbers that only the provider sees are doubt.</source>
        <translation>Wo Text wahrscheinlich ist, liest der Leser hier das Foto mit, während ein Anbieter gefragt wird: Zahlen, die nur der Anbieter sieht, wecken Zweifel.</translation>
    </message>
    <message>
        <source>While the picture stays the same; 0 = never.</source>
        <translation>Solange das Bild gleich bleibt; 0 = nie.</translation>
    </message>
    <message>
        <source>Keep frames for days</source>
        <translation>Bilder behalten, Tage</translation>
    </message>
    <message>
        <source>Older frames and their pictures are deleted.</source>
        <translation>Ältere werden samt Fotos gelöscht.</translation>
    </message>
    <message>
        <source>Keep MB per profile</source>
        <translation>Behalten je Profil, in MB</translation>
    </message>
    <message>
        <source>Above it the oldest frames are deleted.</source>
        <translation>Darüber werden die ältesten Bilder gelöscht.</translation>
    </message>
    <message>
        <source>Keep pictures</source>
        <translation>Bilder behalten</translation>
    </message>
    <message>
        <source>Off: the history keeps the words alone.</source>
        <translation>Aus: Der Verlauf behält nur die Worte.</translation>
    </message>
    <message>
        <source>Most to spend a day, in US dollars</source>
        <translation>Höchstens am Tag, in US-Dollar</translation>
    </message>
    <message>
        <source>Characters on the glasses</source>
        <translation>Zeichen in der Brille</translation>
    </message>
    <message>
        <source>The same, where nearly right is wrong.</source>
        <translation>Dasselbe, wo fast richtig falsch ist.</translation>
    </message>
</context>
<context>
    <name>vendors</name>
    <message>
        <source>Free to start with: {day} pictures a day.</source>
        <translation>Zum Anfangen kostenlos: {day} Bilder am Tag.</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>sure</source>
        <translation>sicher</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>nicht sicher</translation>
    </message>
    <message>
        <source>judged the others</source>
        <translation>beurteilte die anderen</translation>
    </message>
    <message>
        <source>asked to check</source>
        <translation>zur Prüfung gefragt</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>nicht gefragt</translation>
    </message>
    <message>
        <source>not waited for</source>
        <translation>nicht abgewartet</translation>
    </message>
    <message>
        <source>key refused</source>
        <translation>Schlüssel abgelehnt</translation>
    </message>
    <message>
        <source>not offered in this country</source>
        <translation>in diesem Land nicht angeboten</translation>
    </message>
    <message>
        <source>no credit left</source>
        <translation>kein Guthaben mehr</translation>
    </message>
    <message>
        <source>asked us to wait</source>
        <translation>bat uns zu warten</translation>
    </message>
    <message>
        <source>day&apos;s requests used up</source>
        <translation>Tagesanfragen verbraucht</translation>
    </message>
    <message>
        <source>overloaded or unreachable</source>
        <translation>überlastet oder unerreichbar</translation>
    </message>
    <message>
        <source>took too long</source>
        <translation>dauerte zu lange</translation>
    </message>
    <message>
        <source>unreadable reply</source>
        <translation>unlesbare Antwort</translation>
    </message>
    <message>
        <source>model no longer offered</source>
        <translation>Modell nicht mehr angeboten</translation>
    </message>
    <message>
        <source>model takes no pictures</source>
        <translation>Modell nimmt keine Bilder</translation>
    </message>
    <message>
        <source>request refused</source>
        <translation>Anfrage abgelehnt</translation>
    </message>
    <message>
        <source>refused the content</source>
        <translation>lehnte den Inhalt ab</translation>
    </message>
    <message>
        <source>reply cut off</source>
        <translation>Antwort abgeschnitten</translation>
    </message>
    <message>
        <source>said nothing</source>
        <translation>sagte nichts</translation>
    </message>
    <message>
        <source>picture refused</source>
        <translation>Bild abgelehnt</translation>
    </message>
    <message>
        <source>nothing to see</source>
        <translation>nichts zu sehen</translation>
    </message>
    <message>
        <source>overtaken by a newer frame</source>
        <translation>von einem neueren Bild überholt</translation>
    </message>
    <message>
        <source>phone hung up</source>
        <translation>Telefon legte auf</translation>
    </message>
    <message>
        <source>server was stopping</source>
        <translation>Server hielt an</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>no AI set up</source>
        <translation>keine KI eingerichtet</translation>
    </message>
    <message>
        <source>too slow</source>
        <translation>zu langsam</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>nicht gesendet</translation>
    </message>
    <message>
        <source>others had answered</source>
        <translation>andere hatten geantwortet</translation>
    </message>
    <message>
        <source>this computer had an answer</source>
        <translation>dieser Computer hatte eine Antwort</translation>
    </message>
    <message>
        <source>its key waits for the keyring</source>
        <translation>sein Schlüssel wartet auf den Schlüsselbund</translation>
    </message>
    <message>
        <source>it has no key</source>
        <translation>er hat keinen Schlüssel</translation>
    </message>
    <message>
        <source>its model takes no pictures</source>
        <translation>sein Modell nimmt keine Bilder</translation>
    </message>
    <message>
        <source>its requests of this minute are used up</source>
        <translation>seine Anfragen dieser Minute sind verbraucht</translation>
    </message>
    <message>
        <source>its requests of today are used up</source>
        <translation>seine Anfragen von heute sind verbraucht</translation>
    </message>
    <message>
        <source>the profile&apos;s limit of today is reached</source>
        <translation>die Tagesgrenze des Profils ist erreicht</translation>
    </message>
    <message>
        <source>its limit of today is reached</source>
        <translation>seine Tagesgrenze ist erreicht</translation>
    </message>
    <message>
        <source>would have gained less than it costs</source>
        <translation>hätte weniger gebracht, als es kostet</translation>
    </message>
    <message>
        <source>its long form did not come whole</source>
        <translation>die lange Fassung kam nicht ganz an</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>stimmt zu</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>sagt etwas anderes</translation>
    </message>
    <message>
        <source>says it in other words</source>
        <translation>sagt es mit anderen Worten</translation>
    </message>
    <message>
        <source>left alone for a while: {what}</source>
        <translation>eine Weile nicht gefragt: {what}</translation>
    </message>
    <message>
        <source>was just being tried again: {what}</source>
        <translation>wurde gerade wieder versucht: {what}</translation>
    </message>
    <message>
        <source>1 frame</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>free</source>
        <translation>kostenlos</translation>
    </message>
    <message>
        <source>No face found to blur</source>
        <translation>Kein Gesicht gefunden</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>asked together with {name}</source>
        <translation>zugleich mit {name} gefragt</translation>
    </message>
    <message>
        <source>asked too because {name} was slow</source>
        <translation>mitgefragt, weil {name} langsam war</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>not charged</source>
        <translation>nicht berechnet</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>says {confidence}, trust {trust}</source>
        <translation>sagt {confidence}, Vertrauen {trust}</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>gesehen</translation>
    </message>
    <message>
        <source>seen on this computer</source>
        <translation>auf diesem Computer gesehen</translation>
    </message>
    <message>
        <source>under {number} ct</source>
        <translation>unter {number} ct</translation>
    </message>
    <message>
        <source>{number} ct</source>
        <translation>{number} ct</translation>
    </message>
    <message>
        <source>{number} faces blurred</source>
        <translation>{number} Gesichter unkenntlich gemacht</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} s</translation>
    </message>
    <message>
        <source>{words}, whole {whole}</source>
        <translation>{words}, ganz {whole}</translation>
    </message>
    <message>
        <source>${number}</source>
        <translation>{number} $</translation>
    </message>
    <message>
        <source>1 face blurred</source>
        <translation>1 Gesicht unkenntlich gemacht</translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation>{number} ms</translation>
    </message>
    <message>
        <source>{number} frames</source>
        <translation>{number} Bilder</translation>
    </message>
</context>
</TS>
