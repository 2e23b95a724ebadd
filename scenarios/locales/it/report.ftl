# Testi del rapporto in italiano. Gli spazi si riempiono con numeri già scritti nel modo locale.

## La pagina
title = { $city }: che cosa cambierebbe nel traffico
eyebrow = gemello digitale della città
skip = Vai alle risposte
contents = Indice
standfirst = { $scenarios ->
    [1] Un intervento
    [2] Due interventi
    [3] Tre interventi
    [4] Quattro interventi
    [5] Cinque interventi
   *[other] { $number } interventi
} a confronto con la città com’è, in { $day }.
standfirst-scenario = { $scenarios ->
    [1] Uno scenario
   *[other] { $number } scenari
} a confronto con «{ $first }», che è a sua volta uno scenario e non la città com’è, in { $day }.
standfirst-period = È stata calcolata solo una parte del giorno, { $period } ({ $hours }): ogni numero è di queste ore, e non di un giorno.
standfirst-seeds = Tutto è stato calcolato { $seeds } volte, ogni volta con altre ipotesi plausibili; «tra … e …» dice quanto variano i risultati.
standfirst-few-seeds = Tutto è stato calcolato solo { $seeds } volte, ogni volta con altre ipotesi plausibili: così poche mostrano meno variazione di quella che c’è, e «tra … e …» è troppo stretto. Per decidere servono almeno { $enough } calcoli.
standfirst-one-seed = Tutto è stato calcolato una volta sola: nessun numero ha un intervallo, quindi nessuno si distingue dal caso.
a-day = { $span ->
    [day] al giorno
   *[period] nella fascia
}
day-weekday = un giorno feriale tipo
day-saturday = un sabato tipo
day-sunday = una domenica tipo

## L'apertura
brief-title = In breve
reading-title = Come leggere i numeri
reading-interval = Un intervallo va dal { $low }° al { $high }° percentile dei { $seeds } calcoli, ciascuno con un’altra estrazione di ciò che non è noto con esattezza: la domanda, le capacità delle strade, le scelte del mezzo.
reading-one-seed = Un solo calcolo con i valori centrali: nessun numero ha un intervallo.
reading-differences = Un cambiamento è detto solo dove il suo intervallo sta tutto da una parte dello zero ed è più grande di ciò che il calcolo sa distinguere; altrimenti si legge «nessun effetto che si distingua». Situazione di partenza e scenario si calcolano ogni volta con le stesse ipotesi, così la differenza è quella del solo intervento.
digest-title = Quanto fidarsi
digest-held-out = { $place }, conteggio che il modello non ha visto: calcolati { $computed } veicoli al giorno, contati { $counted } ({ $off }). { $verdict }
digest-met = La prova è superata: GEH sotto 5 in tutte le fasce orarie.
digest-partly-met = La prova è superata solo in parte: GEH sotto 5 in { $met } delle { $periods } fasce orarie.
digest-not-met = La prova non è superata: in nessuna fascia oraria il GEH è sotto 5.
digest-no-hours = Senza un profilo del giorno il confronto per fascia oraria non si può fare.
digest-ranges = { $inside } dei { $all } flussi calcolati di cui si conosce un campo plausibile vi stanno dentro. Non vi stanno: { $outside }.
digest-ranges-met = Tutti i { $all } flussi calcolati di cui si conosce un campo plausibile vi stanno dentro.
digest-below = { $place } (sotto)
digest-above = { $place } (sopra)
digest-empty = Senza giudizio, perché il modello non vi porta traffico: { $places }.
digest-consequence = Dove il confronto non riesce, il livello del traffico non è affidabile, e le differenze lo sono come ordine di grandezza, non come misura.
digest-more = Il confronto per intero
idle-rules = Una regola di questo scenario vale solo in altri giorni o in altre ore da quelli calcolati: qui non ha alcun effetto, e che non si veda non dice nulla su di essa.
unfelt-edits = Una parte di questo scenario non agisce in questo tipo di calcolo come farebbe in strada (senza veicoli in movimento: semafori, onde verdi, linee di autobus, piste ciclabili; con essi: piste ciclabili, più motociclette, e gli orari delle corsie per autobus valide solo in una parte delle ore calcolate). Ciò che mostra, o non mostra, non dice nulla su di essa.
unserved-note = Durate, tempo perso e congestione sono dei viaggi serviti. Che quelli senza strada non vi siano può rendere questi numeri più piccoli, e non è un miglioramento.
unserved = viaggi { a-day } non trovano una strada in auto e restano non serviti
parking-at-edge = viaggi { a-day } da o per la zona chiusa parcheggiano al suo margine e proseguono a piedi
horizon = Questo scenario riguarda l’anno { $year }. Ne porta solo il nome: persone, abitudini e prezzi sono quelli della città com’è, salvo ciò che gli interventi cambiano.
edits-title = Che cosa è stato fatto
edits-more = Altri { $count }
limited-title = Chi è toccato
limited-share = Sono { $share } ogni 100 viaggi in veicolo che cominciano o finiscono nella zona ({ $trips } { $span ->
    [day] in un giorno intero
   *[period] nella fascia
}).
limited-parking = Devono fermarsi al margine, nelle ore del divieto: { $classes } di chi non abita nella zona e non ha un permesso.
limited-passing = Entrano come prima: { $classes }.
limited-permits = Auto dei residenti, altre auto e auto con permesso (per ipotesi il { $share } % delle altre dirette nella zona) seguono regole diverse nel calcolo, ma i risultati le contano insieme come auto.
limited-not-told = Il modello suppone che nessuno rinunci al viaggio, cambi mezzo, meta od orario, e che al margine ci sia sempre posto. Quanti posti servano, e quanti passerebbero ad autobus o bicicletta, qui non è detto.
vehicles-a-day = veicoli { a-day }
unit-vehicle-km = veicoli·km { a-day }
unit-hours-lost = ore { a-day }
unit-minutes-a-trip = minuti a viaggio
answer-edited-streets = Traffico sulle strade dell’intervento
answer-more-traffic = Più traffico, in veicoli { a-day }:
answer-less-traffic = Meno traffico, in veicoli { a-day }:
answer-nothing-elsewhere = Sulle altre strade nessun effetto che si distingua.
from-to = da { $before } a { $after }

## Affermazioni
claim-unchanged = invariato
claim-told = { $change }, tra { $low } e { $high }
claim-told-alike = { $change }, in ogni calcolo
claim-single = { $change }; un solo calcolo, senza intervallo
claim-slightly-more = in pratica nessun cambiamento (in più, ma per meno di un millesimo)
claim-slightly-less = in pratica nessun cambiamento (in meno, ma per meno di un millesimo)
claim-indistinct = nessun effetto che si distingua (tra { $low } e { $high } { $unit })
claim-unresolved = nessun effetto che si distingua
claim-vanishes = si azzera, da { $before } { $unit }
between = tra { $low } e { $high }
verdict-grows = in più, oltre il suo intervallo
verdict-falls = in meno, oltre il suo intervallo
verdict-indistinct = nessun effetto che si distingua dal caso
verdict-unresolved = sotto ciò che il calcolo distingue
verdict-unchanged = invariato
verdict-single = senza intervallo (un solo calcolo)

## Mappe
map-before = Prima
map-after = Dopo
map-difference = Differenza
map-durations = Tempi di viaggio
map-described = Le strade che cambiano di più, in veicoli { a-day }: { $streets }.
map-switch = Mappa
time-switch = Momento del giorno
time-day = Tutto il giorno
map-heart = cuore della città
map-near = dove cambia
map-whole = tutta la città
map-names = Nomi di quartieri, fiumi e ponti
map-north = N
map-nothing-distinct = Su questa mappa nessun cambiamento è più grande del suo intervallo e abbastanza grande da essere detto.
map-nothing = Su questa mappa nessun cambiamento è abbastanza grande da essere detto.
map-caption = Sulle mappe del traffico i due lati di una strada sono le due direzioni: si tiene la destra. I numeri indicano le strade della tabella qui sotto; il riquadro nella mappa piccola è quella grande.
map-sources = Fonti: { $sources }.
legend-flow-title = Larghezza: veicoli { a-day } in una direzione
legend-flow = { $flow }
legend-fullness-title = Colore: quanto è piena la strada nel momento più pieno
legend-free = scorrevole (sotto il 60 % della capacità)
legend-busy = trafficata (dal 60 all’85 %)
legend-near = vicina al limite (dall’85 al 100 %)
legend-over = oltre il limite (code)
legend-difference-title = Veicoli { a-day }, rispetto a prima
legend-difference-hour-title = Veicoli all’ora, rispetto a prima
legend-much-less = molto meno traffico (oltre { $limit } in meno)
legend-less = meno traffico (oltre { $limit } in meno)
legend-little-less = un po’ meno (oltre { $limit } in meno)
legend-little-more = un po’ di più (oltre { $limit } in più)
legend-more = più traffico (oltre { $limit } in più)
legend-much-more = molto più traffico (oltre { $limit } in più)
legend-same = come prima, o un cambiamento non più grande del suo intervallo o di { $limit } veicoli
legend-same-single = come prima, o un cambiamento sotto { $limit } veicoli; senza intervalli il caso non si distingue
legend-own-limits = Limiti e larghezze sono di questo intervento; le mappe degli altri hanno i propri.
legend-edited = dove agisce l’intervento
legend-area = la zona dell’intervento
legend-duration-title = Minuti in più o in meno, in media, per i viaggi in auto che partono dalla zona; la grandezza del cerchio dice quanti sono
legend-duration-much-less = molto più brevi (oltre { $limit } min in meno)
legend-duration-less = più brevi (oltre { $limit } min in meno)
legend-duration-little-less = un po’ più brevi (oltre { $limit } min in meno)
legend-duration-little-more = un po’ più lunghi (oltre { $limit } min in più)
legend-duration-more = più lunghi (oltre { $limit } min in più)
legend-duration-much-more = molto più lunghi (oltre { $limit } min in più)
legend-duration-same = come prima, o un cambiamento non più grande del suo intervallo o di { $limit } min
legend-duration-same-single = come prima, o un cambiamento sotto { $limit } min
streets-title = Le strade che cambiano di più
streets-none = Su nessuna strada il traffico cambia in modo che si distingua.
street-between = tra { $from } e { $to }
street-at = all’altezza di { $street }
fullness-over = { $percent } % della capacità, { $period }
fullness-note = Oltre la sua capacità una strada non porta davvero tanti veicoli in un’ora: si formano code, e una parte parte prima o dopo, va altrove o rinuncia. Il calcolo statico li fa passare tutti, più lenti. Quel numero dice quanti vorrebbero passare.
street-continues = e poi { $streets }
street-motorway = Autostrada
street-ramp = Rampa autostradale
street-ramp-named = Rampa autostradale { $name }
street-unnamed = Strada senza nome
towards-north = verso nord
towards-north-east = verso nord-est
towards-east = verso est
towards-south-east = verso sud-est
towards-south = verso sud
towards-south-west = verso sud-ovest
towards-west = verso ovest
towards-north-west = verso nord-ovest
places-title = I luoghi di cui si sa qualcosa da fuori: veicoli { a-day }, nelle due direzioni
column-number = N.
column-street = Strada
column-place = Luogo
column-before = Prima
column-after = Dopo
column-change = Cambiamento

## Indicatori
indicators-title = La città in numeri
indicators-lead = Ogni indicatore com’è oggi e che cosa cambia con ogni intervento. Un punto pieno segna una differenza più grande del suo intervallo e di ciò che il calcolo distingue, uno vuoto una differenza che non lo è. Arancio è di più, blu è di meno, come sulle mappe.
indicators-caption = Indicatori di tutta la città: valore con intervallo, poi differenze
column-indicator = Indicatore
column-value = Valore
column-formula = Come si calcola
indicators-fixed = Indicatori che nessun intervento cambia
pums-code = Indicatore PUMS { $code }
## Quartieri e classi
origins-title = Chi parte da dove
origins-lead = Viaggi { a-day } che partono da ogni quartiere, quanto durano in media da porta a porta, e quanti minuti ogni intervento aggiunge o toglie. Contano i viaggi tra zone diverse; su più zone la media è pesata sui viaggi. «≈» vuol dire: nessun effetto che si distingua.
origins-class = Per quartiere: { $class }
origins-caption = Viaggi e minuti oggi, e minuti in più o in meno con ogni intervento
origins-zones = Zona per zona, per ogni classe di veicoli
origins-zones-caption = Viaggi { a-day } e minuti oggi; con gli interventi, minuti in più o in meno per le auto
minutes = { $minutes } min
origins-gate = Da fuori: { $gate }
origins-gates = Da fuori città, da tutte le porte
origins-other-zones = Zone fuori dai quartieri
origins-parking = { $trips } parcheggiano al margine
column-origin = Da
column-trips = Viaggi { a-day }
column-minutes = Minuti
class-car = auto
class-van = furgoni
class-heavy-vehicle = mezzi pesanti
class-motorcycle = moto

## La giornata
day-title = Il corso della giornata
day-lead = Traffico di tutta la città per fascia oraria, e quanta strada è quasi piena (oltre l’85 % della capacità, ogni direzione contata per sé). Medie dei calcoli; differenze in percento della città com’è.
day-caption = Veicoli-chilometro all’ora nella città com’è, per ora del giorno
day-table = Veicoli-chilometro all’ora per fascia oraria, con i chilometri di strada quasi piena
column-period = Fascia
nearly-full = { $length } km quasi pieni
period-night = Notte
period-morning-peak = Punta del mattino
period-inter-peak = Tra le punte
period-evening-peak = Punta della sera

## Fiducia
trust-title = Ci si può fidare?
trust-lead = La città com’è, calcolata, accanto a ciò che se ne sa da fuori. La differenza tra due città calcolate è di solito più sicura di ciascuna delle due, ma dove il calcolo sbaglia il livello può sbagliare anche la differenza.
trust-scenario = Qui il termine di confronto è a sua volta uno scenario: se il modello riproduca la città com’è sta in un rapporto il cui primo calcolo è quella città.
held-out-title = Conteggi che il modello non ha visto
held-out-lead = Sono rimasti fuori da ogni adattamento: sono la prova della situazione di partenza. Il GEH misura la distanza tra un flusso orario contato e uno calcolato; sotto 5 è la soglia d’uso per dire che il modello lo riproduce, da 10 in su è lontano.
plausible-title = Campi entro cui un risultato è plausibile
plausible-lead = Qui nessun conteggio è pubblico; al suo posto stanno un campo ragionevole e la sua ragione.
input-title = Conteggi entrati nel modello
input-lead = Il traffico alle porte della città è un dato di ingresso: ritrovarlo nei risultati non prova nulla, e qui non è giudicato. Ogni estrazione lo varia entro la sua incertezza.
input-more = I { $count } conteggi alle porte, e come si distribuiscono nel giorno
input-caption = Veicoli al giorno alle porte: dati di ingresso
column-gate = Porta
column-input = Conteggio (ingresso)
column-drawn = Nei calcoli
gate-hours-caption = Come il traffico delle porte che comincia o finisce in città si distribuisce nel giorno
column-share-of-day = Quota del giorno
column-share-of-day-an-hour = In ogni ora
column-entering = In entrata
observed-caption = Veicoli al giorno: attesi e calcolati
column-expected = Attesi
column-counted = Contati
column-geh = GEH
fit-caption = { $place }: veicoli all’ora per fascia
fit-note = Il conteggio è giornaliero: le sue ore vengono dal profilo misurato altrove che hanno anche le porte. La prova dice quindi più sul livello che sulle ore. Il GEH è quello della media dei calcoli.
column-computed = Calcolati
column-judgement = Giudizio
expected-inside = entro il campo
expected-below = sotto il campo
expected-above = sopra il campo
expected-empty = nessun traffico calcolato: non dice nulla
count-met = riprodotto in ogni fascia oraria
count-partly-met = riprodotto in parte
count-not-met = non riprodotto
count-off = { $percent } rispetto al conteggio
geh-met = riprodotto
geh-not-met = non riprodotto
geh-far = lontano
fixed-title = Che cosa resta com’è
fixed-trips = Quante persone si spostano, verso dove, con quale mezzo e in quale periodo della giornata: negli scenari resta come nella base. Cambia solo la strada che ciascun veicolo prende.
fixed-activity = Dove uno scenario cambia residenti o posti di lavoro, gli spostamenti sono generati di nuovo con i tempi e le abitudini della base.
fixed-gates = I conteggi alle porte della città sono un dato di ingresso e non reagiscono agli scenari.
not-calibrated-title = Che cosa non è stato calibrato
not-calibrated-delays = Le funzioni tempo–flusso e le capacità delle strade vengono dalla letteratura, non da misure in questa città.
not-calibrated-queues = Le attese ai semafori, le code che risalgono la strada e la ricerca del parcheggio non sono modellate.
not-calibrated-tolls = I pedaggi autostradali contano solo dove i dati della città li hanno. Quelli dell’Alessandria di serie non li hanno, e le sue autostrade attirano più traffico di quanto ne porti la realtà.
not-calibrated-parameters = Il valore del tempo e l’incertezza su domanda e capacità sono ipotesi dichiarate nei file dei parametri.

## Code
queues-title = Code e tempo perso
queues-chart = Veicoli·ora persi all’ora, per quarto d’ora, su tutte le strade insieme: rispetto a quanto ciascuno impiegherebbe da solo, semafori e precedenze compresi. Medie sui semi.
queues-longest = Le code più lunghe, ciascuna nel suo quarto d’ora peggiore
queues-none = In nessun quarto d’ora due o più veicoli stanno fermi in media su una strada.
queues-note = Veicoli fermi in media in quel quarto d’ora; fin dove risale al massimo la coda in uno qualsiasi dei semi; quanto perde un veicolo su questo tratto e nell’incrocio che segue.
queue-before = (prima: { $value })
column-quarter-hour = Dalle
column-standing = Veicoli fermi
column-reach = Risale per, m
column-lost = Perso a veicolo, s
moved-counts = Si sono mossi { $inserted } veicoli. { $rerouted } hanno preso un’altra strada perché la loro era bloccata, e { $exchanged } sono usciti insieme da cerchi in cui ciascuno aspettava il successivo.
jammed = veicoli su { $all } non erano ancora arrivati alla fine della simulazione di «{ $run }», { $count ->
        [one] nel calcolo { $seeds }
       *[other] in media nei calcoli { $seeds }
    }: le sue strade si sono riempite, perché il traffico chiede più di quanto possano portare o perché il calcolo si blocca prima di quanto farebbero le persone. I ritardi che se ne dicono sono troppo piccoli, e le differenze rispetto a esso non sono attendibili.
moved-stuck = { $vehicles } non erano ancora arrivati alla fine della simulazione: lì è il calcolo stesso a essere bloccato, e i numeri di questo scenario sottostimano il ritardo.
moved-teleports = { $vehicles } sono stati spostati da un punto all’altro: un difetto del calcolo.
not-calibrated-moving = Corsie, semafori e comportamento di guida sono derivati con regole dichiarate, non rilevati qui; i veicoli tengono i percorsi dell’equilibrio statico finché non sono bloccati; la ricerca del parcheggio non è modellata.

## Strati
layers-title = Di che cosa è fatta la città
layers-lead = Ogni cosa di questa città dice da dove viene. Nessuna mappa e nessun numero qui è migliore degli strati su cui poggia.
layers-caption = Strati per origine
column-layer = Strato
layer-unit-km = km
layer-unit-count = numero
layer-links = Strade
layer-zones = Zone
layer-connectors = Connettori delle zone
layer-gates = Porte verso l’esterno
layer-observations = Flussi osservati
layer-addresses = Numeri civici
layer-buildings = Edifici
layer-trees = Alberi
layer-waters = Acque
layer-railways = Ferrovie
layer-heritage-sites = Beni culturali
layer-places = Luoghi
column-sources = Fonti
origin-real = Reale
origin-derived = Derivato
origin-synthetic = Sintetico
origin-real-explained = Reale: rilevato o pubblicato dalla sua fonte
origin-derived-explained = Derivato: calcolato da dati reali con una regola dichiarata
origin-synthetic-explained = Sintetico: inventato per colmare un vuoto
sources-title = Fonti, licenze, attribuzioni
licence = Licenza: { $licence }

## Prova
proof-title = Come verificare questo rapporto
proof-lead = Ogni calcolo ha un identificativo, l’hash di tutto ciò da cui è fatto, e un hash dei risultati. Chiunque abbia la sua cartella lo può rifare:
proof-command = gemello verify CALCOLO
proof-answers = La risposta è una di tre: identico; integro, ma fatto da un’altra versione del programma, con la differenza più grande; oppure alterato, con il file che lo è.
run-name = Scenario
run-id = Identificativo
result-hash = Hash dei risultati
build-id = Versione del programma
relative-gap = Massimo scarto relativo degli equilibri
seeds = Semi dei calcoli: { $seeds }.

## Carte
brief-paper-title = { $city }: che cosa cambierebbe nel traffico, in due pagine
brief-audience = per il Consiglio comunale
paper-description = Che cosa cambierebbero alcuni interventi nel traffico di { $city }: confronto di giornate simulate, con intervalli e identificativi per verificarlo
paper-page = pagina
paper-of = di
paper-run = { $run } { $id } · { $hash }
paper-runs = { $runs } calcoli, tutti nell’ultima pagina · insieme { $hash }
brief-table = Che cosa fa ogni intervento all’intera città
brief-intervention = Intervento
brief-maps = Dove cambia il traffico
brief-means = Che cosa dicono i numeri
brief-left-out = Che cosa lasciano fuori
brief-check = Dove verificare
brief-no-costs = Non in questi numeri: quanto costa costruire e gestire, e quanto valgono in denaro il tempo, la sicurezza e l’aria.
theme-traffic = Traffico
theme-sustainability = Aria e clima
theme-costs = Costi di chi guida
sheet-places = Quartieri e zone
sheet-streets = Strade che cambiano di più
sheet-observations = Flussi osservati
sheet-fit = Conteggi per fascia
sheet-gates = Porte per fascia
sheet-layers = Strati della città
sheet-runs = Calcoli
sheet-unit = Unità
sheet-low = Estremo basso dell’intervallo
sheet-high = Estremo alto dell’intervallo
sheet-change-low = Estremo basso della variazione
sheet-change-high = Estremo alto della variazione
sheet-share = Variazione, %
sheet-verdict = Che cosa si può dire
sheet-resolution = La più piccola variazione che il calcolo distingue
sheet-pums = Indicatore PUMS
sheet-id = Nome nei file
sheet-kind = Tipo
sheet-quarter = quartiere o gruppo
sheet-zone = zona o porta
sheet-class = Veicoli
sheet-trips = Viaggi { a-day }
sheet-parking = Viaggi { a-day } che parcheggiano al bordo
sheet-minutes = Durata media, min
sheet-minutes-change = Variazione della durata, min
sheet-where = Dove sulla strada
sheet-continues = E oltre lungo
sheet-links = Tratti
sheet-standing-before = Veicoli fermi prima
sheet-reach-before = Coda fino a, prima, m
sheet-lost-before = Perso per veicolo prima, s
sheet-role = Ruolo
role-input = dato d’ingresso
role-held-out = tenuto da parte
role-plausibility = intervallo plausibile
sheet-expected-low = Atteso da, veicoli { a-day }
sheet-expected-high = Atteso a, veicoli { a-day }
sheet-reason = Perché ci si aspetta questo
sheet-hours = Ore
sheet-counted-hour = Contati, veicoli all’ora
sheet-computed-hour = Calcolati, veicoli all’ora
sheet-vehicle-km-hour = Veicoli·km all’ora
sheet-nearly-full = Strade quasi piene, km
sheet-share-of-day = Quota del giorno, %
sheet-entering = In entrata, %
sheet-title = Titolo
sheet-year = Anno
sheet-licence = Licenza
sheet-attribution = Attribuzione
sheet-address = Indirizzo
sheet-description = Che cos’è
sheet-seeds = Semi
sheet-unserved = Viaggi { a-day } senza percorso

# Names of places of the built-in city, in one spelling; others stand as their city writes them.
place-ponte-bormida = Ponte sulla Bormida (SP10)
place-ponte-meier = Ponte Meier
place-ponte-tiziano = Ponte Tiziano
place-spalto-marengo = Anello: spalto Marengo
place-spalto-borgoglio = Anello: spalto Borgoglio
place-via-marengo = Radiale: via Marengo
place-corso-roma = Radiale interna: corso Roma

## What it costs and what it is worth
costs-title = Quanto costa e quanto vale
costs-lead = Ogni scenario rispetto alla città com'è: i lavori ai prezzi dell'elenco prezzi, senza IVA; il tempo e i chilometri di chi guida; aria e clima. Quanto dice un giorno feriale del modello vale per un anno intero e per tutti gli anni di esercizio. Gli importi sono in milioni di euro, al valore del primo anno; il più è un guadagno. Quasi tutti i valori unitari sono ipotesi con distribuzioni larghe: stanno nei file dei parametri, ciascuno con la sua fonte.
costs-npv = Valore attuale netto: { $value } milioni di euro ({ $first }–{ $last }, sconto { $rate } % l'anno, prezzi { $prices }).
costs-positive = È sopra lo zero nel { $share } % dei calcoli.
costs-ratio = Con ogni valore alla mediana: benefici su costi { $ratio }.
costs-return = Il tasso di rendimento è allora del { $rate } % l'anno.
costs-payback = Allora è ripagato entro il { $year }.
costs-without-crashes = Gli incidenti non ci sono: i calcoli non li dicono ancora.
costs-without-noise = Il rumore non c'è: in questi calcoli non è stato stimato.
costs-without-works = Lo scenario non indica lavori: quanto costa farlo non si sa e non c'è.
costs-accounts = Di che cosa è fatto
costs-groups = Chi guadagna e chi paga di più
costs-swings = Da che cosa dipende di più il valore attuale netto: un valore alla volta, a quanto uno su dieci sta sotto e a quanto uno su dieci supera
costs-bill = { $works } ({ $years })
column-account = per
column-group = su chi ricade
column-present-value = valore attuale, milioni di €
column-parameter = valore
column-npv-low = al suo estremo basso, milioni di €
column-npv-high = al suo estremo alto, milioni di €
column-item = lavorazione
column-quantity = quantità
column-unit-price = prezzo unitario, €
column-amount = importo, €
column-price-source = prezzo
account-investment = costruzione
account-maintenance = manutenzione e rinnovo
account-operation = esercizio
account-revenue = ricavi
account-residual = quanto resta alla fine
account-time = tempo di chi guida
account-operating = chilometri percorsi
account-charges = pedaggi e tariffe
account-air = aria: { $pollutant }
account-climate = clima (CO₂)
account-noise = rumore nelle case
account-crashes = incidenti
group-municipality = il Comune
group-everybody = tutti
group-gates = chi viene da fuori
group-no-quarter = fuori dai quartieri
parameter-time = valore del tempo, { $class }
parameter-operating = costo di un chilometro, { $class }
parameter-air = costo di un chilogrammo, { $pollutant }
parameter-growth = crescita del valore del tempo
parameter-carbon = livello del prezzo del carbonio
parameter-noise = livello dei costi del rumore
parameter-crashes = livello dei costi degli incidenti
bill-contingency = imprevisti
bill-engineering = progettazione, direzione lavori, collaudi
bill-net = totale senza IVA
bill-vat = IVA
bill-gross = totale con IVA
unit-each = pz
