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
standfirst-seeds = Tutto è stato calcolato { $seeds } volte, ogni volta con altre ipotesi plausibili; tra parentesi sta quanto variano i risultati.
standfirst-one-seed = Tutto è stato calcolato una volta sola: nessun numero ha un intervallo, quindi nessuno si distingue dal caso.
day-weekday = un giorno feriale tipo
day-saturday = un sabato tipo
day-sunday = una domenica tipo

## L'apertura
brief-title = In breve
reading-title = Come leggere i numeri
reading-differences = Si dice «in più» o «in meno» solo dove la differenza è più grande del suo intervallo, cioè dove l’intervallo sta tutto da una parte dello zero. Situazione di partenza e scenario si calcolano ogni volta con le stesse ipotesi, così la differenza è quella del solo intervento.
unserved = spostamenti al giorno non trovano una strada in auto e restano non serviti
parking-at-edge = spostamenti al giorno da o per la zona chiusa parcheggiano al suo bordo e proseguono a piedi
edits-title = Che cosa è stato fatto
edits-more = Altri { $count }
answer-nothing = Nulla di ciò che si è osservato cambia più del suo intervallo.
vehicles-a-day = veicoli al giorno
from-to = da { $before } a { $after } { $unit }

## Affermazioni
claim-grows = { $size } % in più (tra { $low } e { $high })
claim-falls = { $size } % in meno (tra { $low } e { $high })
claim-indistinct = nessun cambiamento distinguibile dal caso (tra { $low } e { $high } %)
claim-vanishes = si azzera
claim-unchanged = invariato
claim-single = { $value } % (un solo calcolo: senza intervallo)
claim-from-nothing = { $value } dove prima non c’era nulla { $range }
between = tra { $low } e { $high }
verdict-grows = in più, oltre il suo intervallo
verdict-falls = in meno, oltre il suo intervallo
verdict-indistinct = non più grande del suo intervallo
verdict-unchanged = invariato
verdict-single = senza intervallo (un solo calcolo)

## Mappe
map-before = Prima
map-after = Dopo
map-difference = Differenza
map-switch = Mappa
time-switch = Momento del giorno
time-day = Tutto il giorno
map-heart = cuore della città
map-whole = tutta la città
map-names = Nomi di quartieri, fiumi e ponti
map-north = N
map-caption = Veicoli al giorno ai due lati di ogni strada: si tiene la destra, quindi ogni lato è una direzione. I numeri indicano le strade della tabella qui sotto; il riquadro nella mappa piccola è quella grande.
legend-flow-title = Larghezza: veicoli al giorno in una direzione
legend-flow = { $flow }
legend-fullness-title = Colore: quanto è piena la strada nel momento più pieno
legend-free = scorrevole (sotto il 60 % della capacità)
legend-busy = trafficata (dal 60 all’85 %)
legend-near = vicina al limite (dall’85 al 100 %)
legend-over = oltre il limite (code)
legend-difference-title = Veicoli al giorno, rispetto a prima
legend-difference-hour-title = Veicoli all’ora, rispetto a prima
legend-much-less = molto meno traffico (oltre { $limit } in meno)
legend-less = meno traffico (oltre { $limit } in meno)
legend-little-less = un po’ meno (oltre { $limit } in meno)
legend-little-more = un po’ di più (oltre { $limit } in più)
legend-more = più traffico (oltre { $limit } in più)
legend-much-more = molto più traffico (oltre { $limit } in più)
legend-same = come prima, o un cambiamento non più grande del suo intervallo o di { $limit } veicoli
legend-same-single = come prima, o un cambiamento sotto { $limit } veicoli; senza intervalli il caso non si distingue
legend-edited = strade che l’intervento cambia
streets-title = Le strade che cambiano di più
streets-none = Su nessuna strada il traffico cambia più del suo intervallo.
street-motorway = Autostrada
street-ramp = Rampa autostradale
street-unnamed = Strada senza nome
towards-north = verso nord
towards-north-east = verso nord-est
towards-east = verso est
towards-south-east = verso sud-est
towards-south = verso sud
towards-south-west = verso sud-ovest
towards-west = verso ovest
towards-north-west = verso nord-ovest
places-title = I luoghi osservati: veicoli al giorno, nelle due direzioni dove non è detto altro
column-number = N.
column-street = Strada
column-place = Luogo
column-before = Prima
column-after = Dopo
column-change = Cambiamento

## Indicatori
indicators-title = La città in numeri
indicators-lead = Ogni indicatore com’è oggi e che cosa cambia con ogni intervento. Un punto pieno segna una differenza più grande del suo intervallo, uno vuoto una differenza che non lo è. Arancio è di più, blu è di meno, come sulle mappe.
indicators-caption = Indicatori di tutta la città: valore con intervallo, poi differenze
column-indicator = Indicatore
pums-code = Indicatore PUMS { $code }

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
trust-lead = La città com’è, calcolata, accanto a ciò che se ne sa da fuori. La differenza tra due città calcolate è di solito più sicura di ciascuna delle due, ma non più sicura di questo confronto.
held-out-title = Conteggi che il modello non ha visto
held-out-lead = Sono rimasti fuori da ogni adattamento: sono la prova della situazione di partenza. Il GEH confronta l’ora media di un giorno; sotto 5 è buono, sopra 10 è scarso.
plausible-title = Campi entro cui un risultato è plausibile
plausible-lead = Qui non si conosce un conteggio; al suo posto stanno il campo e la sua ragione.
input-title = Conteggi entrati nel modello
input-lead = Il traffico ai bordi della città è un dato di ingresso: che coincida non prova nulla.
observed-caption = Veicoli al giorno: attesi e calcolati
column-expected = Attesi
column-computed = Calcolati
column-judgement = Giudizio
expected-inside = entro il campo
expected-below = sotto il campo
expected-above = sopra il campo
count-off = { $percent } rispetto al conteggio
geh-good = ben riprodotto (GEH { $geh })
geh-fair = riprodotto in parte (GEH { $geh })
geh-poor = non riprodotto (GEH { $geh })
fixed-title = Che cosa resta com’è
not-calibrated-title = Che cosa non è stato calibrato

## Strati
layers-title = Di che cosa è fatta la città
layers-lead = Ogni cosa di questa città dice da dove viene. Nessuna mappa e nessun numero qui è migliore degli strati su cui poggia.
layers-caption = Strati per origine
column-layer = Strato
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
