\version "2.25.12"

% Makes LilyPond's SVG say what it draws: the group of every grob has the grob's name
% and what of its nature can't be seen, and every glyph, of music as of text, is named
% instead of traced. (That also spares LilyPond the search for its outline, which took
% most of the time of a page.)

#(ly:set-option 'point-and-click #f)

% --- grobs ---

#(define omr-numbers (make-hash-table))
#(define omr-count 0)

#(define (omr-number grob)
   "The same number for the same grob, #f for none."
   (and (ly:grob? grob)
        (or (hashq-ref omr-numbers grob)
            (begin
              (set! omr-count (1+ omr-count))
              (hashq-set! omr-numbers grob omr-count)
              omr-count))))

#(define (omr-attributes grob)
   (filter cdr
     `((class . ,(grob::name grob))
       (id . ,(omr-number grob))
       (staff . ,(omr-number (ly:grob-object grob 'staff-symbol #f)))
       (stem . ,(omr-number (if (eq? (grob::name grob) 'Flag)
                                (ly:grob-parent grob X)
                                (ly:grob-object grob 'stem #f))))
       (position . ,(ly:grob-property grob 'staff-position #f))
       (direction . ,(ly:grob-property grob 'direction #f))
       (growth . ,(ly:grob-property grob 'grow-direction #f)))))

\layout {
  \context {
    \Score
    \consists #(lambda (context)
      (make-engraver
        (acknowledgers
          ((grob-interface engraver grob source)
            (ly:grob-set-property! grob 'output-attributes omr-attributes)))))
  }
}

% --- glyphs ---

#(define omr-drawing (resolve-module '(lily output-svg)))
#(define omr-writers (module-ref omr-drawing 'stencil-dispatch-alist))

#(define (omr-use file name size x y)
   "FILE has the glyph NAME; SIZE is an em, everything in staff spaces, Y upwards."
   (ly:format "<use href=\"~a#~a\" width=\"~4f\" x=\"~4f\" y=\"~4f\"/>\n" file name size x (- y)))

#(set-cdr! (assq 'named-glyph omr-writers)
   (lambda (font name)
     (let ((size (* (ly:font-magnification font) (ly:font-design-size font))))
       (omr-use (ly:font-file-name font) name size 0 0))))

#(set-cdr! (assq 'glyph-string omr-writers)
   (lambda (pango name size cid? glyphs file face text clusters)
     (let ((em (/ size (module-ref omr-drawing 'lily-unit-length)))
           (pen 0))
       (string-concatenate
         (map (lambda (glyph)
                (let* ((index (list-ref glyph 4))
                       (x (+ pen (list-ref glyph 2))))
                  (set! pen (+ pen (list-ref glyph 0)))
                  (omr-use file (if cid? index (list-ref glyph 5)) em x (list-ref glyph 3))))
              glyphs)))))

% words, too, come as glyphs where nobody writes them as strings
#(set-car! (assq 'utf-8-string omr-writers) 'omr-no-string)
